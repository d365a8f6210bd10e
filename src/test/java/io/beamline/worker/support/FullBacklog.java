package io.beamline.worker.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A listener on loopback that accepts nothing, its backlog full: a connect to it hangs. */
public final class FullBacklog implements AutoCloseable {

  private static final int MOST = 200;
  private static final int HANGS_MS = 300;

  private final ServerSocket listener;
  private final List<Socket> fillers = new ArrayList<>();

  private FullBacklog(ServerSocket listener) {
    this.listener = listener;
  }

  /** Listens, and fills the backlog until a connect hangs. */
  public static FullBacklog fill() throws IOException {
    FullBacklog full = new FullBacklog(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    for (int i = 0; i < MOST; i++) {
      if (!full.takesAnother()) {
        return full;
      }
    }
    full.close();
    throw new IllegalStateException("the backlog never fills");
  }

  /** A URL at which nothing ever answers. */
  public String url() {
    return "http://localhost:" + listener.getLocalPort() + "/";
  }

  @Override
  public void close() throws IOException {
    for (Socket filler : fillers) {
      filler.close();
    }
    listener.close();
  }

  private boolean takesAnother() throws IOException {
    Socket filler = new Socket();
    fillers.add(filler);
    try {
      filler.connect(listener.getLocalSocketAddress(), HANGS_MS);
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }
}
