package io.beamline.worker.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports that nobody uses. */
public final class FreePort {

  private FreePort() {}

  /** A port of the loopback interface that was free a moment ago. */
  public static int find() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The wanted port when it is free, else any that is. */
  public static int preferring(int wanted) {
    try (ServerSocket socket = new ServerSocket(wanted)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      return find();
    }
  }
}
