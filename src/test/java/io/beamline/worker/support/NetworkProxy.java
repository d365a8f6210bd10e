package io.beamline.worker.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The network between a client and a server of the loopback address, which can be broken: it
 * swallows what is said, delays it, carries only so many bytes a second, or cuts the connection in
 * the middle of a message. Thread-safe.
 */
public final class NetworkProxy implements AutoCloseable {

  private static final int CHUNK = 256 * 1024;
  private static final int CONNECT_MS = 2_000;

  /** What a slow network holds at once, in bytes: what it has taken and not delivered is little. */
  private static final int SLOW_CHUNK = 8 * 1024;

  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final int SLOW_BUFFER = 16 * 1024;

  private final ServerSocket listener;
  private final int target;
  private final long bytesPerSecond;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicLong swallowed = new AtomicLong();
  private final AtomicLong delayed = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final AtomicInteger cuts = new AtomicInteger();
  private final AtomicInteger cutsLeft = new AtomicInteger();
  private volatile boolean swallowing;
  private volatile Duration delay = Duration.ZERO;

  private NetworkProxy(int target, long bytesPerSecond) throws IOException {
    this.target = target;
    this.bytesPerSecond = bytesPerSecond;
    this.listener = new ServerSocket();
    if (isSlow()) {
      listener.setReceiveBufferSize(SLOW_BUFFER);
    }
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
  }

  /** A network that works, in front of a port. */
  public static NetworkProxy before(int target) {
    return before(target, Long.MAX_VALUE);
  }

  /**
   * A slow network in front of a port.
   *
   * @param bytesPerSecond what it carries in each direction of each connection
   */
  public static NetworkProxy before(int target, long bytesPerSecond) {
    try {
      NetworkProxy proxy = new NetworkProxy(target, bytesPerSecond);
      Thread.ofVirtual().name("network-accept").start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port that clients connect to. */
  public int port() {
    return listener.getLocalPort();
  }

  /** From now on, or no more, nothing arrives on either side, and no connection is closed. */
  public void swallow(boolean on) {
    swallowing = on;
  }

  /** From now on everything arrives this much later. */
  public void delay(Duration by) {
    delay = by;
  }

  /** Lets only half of each of the next chunks through, and then closes its connection. */
  public void cutNext(int connections) {
    cutsLeft.set(connections);
  }

  /** Closes the connections that are open; what was swallowed of them is lost. */
  public void closeConnections() {
    open.forEach(NetworkProxy::close);
  }

  /** How many connections clients have made so far. */
  public int accepted() {
    return accepted.get();
  }

  /** How many chunks were swallowed so far. */
  public long swallowed() {
    return swallowed.get();
  }

  /** How many chunks were delayed so far. */
  public long delayed() {
    return delayed.get();
  }

  /** How many bytes have reached the server so far. */
  public long sent() {
    return sent.get();
  }

  /** How many bytes have reached the clients so far. */
  public long received() {
    return received.get();
  }

  /** How many connections were cut in the middle of a message so far. */
  public int cuts() {
    return cuts.get();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    closeConnections();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        accepted.incrementAndGet();
        Thread.ofVirtual().name("network-connection").start(() -> join(client));
      }
    } catch (IOException e) {
      closeConnections(); // the listener was closed
    }
  }

  private void join(Socket client) {
    open.add(client);
    try (client;
        Socket server = new Socket()) {
      open.add(server);
      if (isSlow()) {
        server.setReceiveBufferSize(SLOW_BUFFER);
      }
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_MS);
      Thread back = Thread.ofVirtual().start(() -> pump(server, client, received));
      pump(client, server, sent);
      back.join();
      open.remove(server);
    } catch (IOException e) {
      // the server is away: the client sees its connection closed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  /** Carries one direction until either side closes, and closes both then. */
  private void pump(Socket from, Socket to, AtomicLong count) {
    byte[] chunk = new byte[isSlow() ? SLOW_CHUNK : CHUNK];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        if (!carry(chunk, read, out)) {
          return;
        }
        count.addAndGet(read);
      }
    } catch (IOException e) {
      // the other side went away
    }
  }

  /** False when the connection is to be closed. */
  private boolean carry(byte[] chunk, int length, OutputStream out) throws IOException {
    if (swallowing) {
      swallowed.incrementAndGet();
      return true;
    }
    if (!delay.isZero()) {
      delayed.incrementAndGet();
      LockSupport.parkNanos(delay.toNanos());
    }
    if (isSlow()) {
      LockSupport.parkNanos(length * NANOS_PER_SECOND / bytesPerSecond);
    }
    if (length > 1 && cutsLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      cuts.incrementAndGet();
      out.write(chunk, 0, length / 2);
      return false;
    }
    out.write(chunk, 0, length);
    return true;
  }

  private boolean isSlow() {
    return bytesPerSecond < Long.MAX_VALUE;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // closed is what it should be
    }
  }
}
