package io.beamline.worker.support;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/**
 * An HTTP server on a real socket of the loopback address that does to each request what a test
 * says. It remembers the requests and counts the connections. Thread-safe.
 */
public final class MisbehavingHttpServer implements AutoCloseable {

  private final ServerSocket listener;
  private final String scheme;
  private final Queue<Misbehaviour> next = new ConcurrentLinkedQueue<>();
  private final List<ReceivedRequest> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile boolean mute;
  private volatile Misbehaviour always = Misbehaviour.answer(200, "");

  private MisbehavingHttpServer(ServerSocketFactory sockets, String scheme, int port)
      throws IOException {
    this.listener = sockets.createServerSocket(port, 1_024, InetAddress.getLoopbackAddress());
    this.scheme = scheme;
  }

  /** Starts a server that answers 200 without a body. */
  public static MisbehavingHttpServer start() {
    return startAt(0);
  }

  /** The same on one port, for a message that names it. */
  public static MisbehavingHttpServer startAt(int port) {
    return start(ServerSocketFactory.getDefault(), "http", port);
  }

  /** Starts a server over TLS that answers 200 without a body. */
  public static MisbehavingHttpServer startTls(ServerSocketFactory sockets) {
    return start(sockets, "https", 0);
  }

  private static MisbehavingHttpServer start(ServerSocketFactory sockets, String scheme, int port) {
    try {
      MisbehavingHttpServer server = new MisbehavingHttpServer(sockets, scheme, port);
      Thread.ofVirtual().name("misbehaving-accept").start(server::accept);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Does this to every request that nothing else was said for. */
  public MisbehavingHttpServer always(Misbehaviour behaviour) {
    always = behaviour;
    return this;
  }

  /** Does these, one after another, to the next requests. */
  public MisbehavingHttpServer then(Misbehaviour... behaviours) {
    next.addAll(List.of(behaviours));
    return this;
  }

  /** Reads from now on what comes, of whatever protocol, and never says a word. */
  public MisbehavingHttpServer mute() {
    mute = true;
    return this;
  }

  /** The port it listens on. */
  public int port() {
    return listener.getLocalPort();
  }

  /** A URL of this server. */
  public String url(String path) {
    return scheme + "://localhost:" + port() + path;
  }

  /** The requests that arrived so far. */
  public List<ReceivedRequest> requests() {
    return List.copyOf(requests);
  }

  /** How many connections were accepted so far. */
  public int accepted() {
    return accepted.get();
  }

  /** How many connections are open now. */
  public int open() {
    return open.size();
  }

  /** Closes the connections that are open, as a server does with idle ones. */
  public void closeConnections() {
    open.forEach(MisbehavingHttpServer::close);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    closeConnections();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        accepted.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().name("misbehaving-connection").start(() -> serve(socket));
      }
    } catch (IOException e) {
      closeConnections(); // the listener was closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true); // a head and a body in two writes cost 40 ms else
      InputStream in = new BufferedInputStream(socket.getInputStream());
      boolean keep = !mute || in.transferTo(OutputStream.nullOutputStream()) < 0;
      for (ReceivedRequest request = ReceivedRequest.read(in);
          keep && request != null;
          request = keep ? ReceivedRequest.read(in) : null) {
        requests.add(request);
        Misbehaviour queued = next.poll();
        keep = (queued == null ? always : queued).act(request, socket);
      }
    } catch (IOException e) {
      // the client went away
    } finally {
      open.remove(socket);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // closed is what it should be
    }
  }
}
