package io.beamline.worker.security;

import io.beamline.worker.timeout.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Limits the connections of one port, so that no client can block it (contract section 9). Each
 * carries one request and ends after 15 s at the latest, whether its header, its body or its
 * response is slow. At most 128 are open: a further one ends the oldest connection of the address
 * that has the most. A probe therefore always finds a connection and a thread.
 *
 * <p>A connection is ended by shutting down both directions of its socket. The thread that works on
 * it then fails to read or write, and closes it. Thread-safe.
 */
final class OpenConnections {

  /** The most connections of one port. */
  static final int LIMIT = 128;

  /** How long a connection may last. */
  static final Duration LIFETIME = Duration.ofSeconds(15);

  /** How long a connection may last once the worker stops. */
  static final Duration LIFETIME_WHEN_STOPPING = Duration.ofSeconds(1);

  private final TimeSource time;
  private final Map<SocketChannel, Opened> connections = new LinkedHashMap<>();
  private Duration lifetime = LIFETIME;

  /** Whether somebody calls {@link #endOld} again and again. */
  private boolean isWatched;

  OpenConnections(TimeSource time) {
    this.time = time;
  }

  /** When a connection was opened, and by whom. */
  private record Opened(long nanos, InetAddress client) {}

  /**
   * Registers a new connection; ends another one if there are too many.
   *
   * @return whether nobody looks for old ones, so that somebody must begin
   */
  synchronized boolean opened(SocketChannel connection) {
    boolean watched = isWatched;
    isWatched = true;
    connections.keySet().removeIf(other -> !other.isOpen());
    if (connections.size() >= LIMIT) {
      end(oldestOfTheBusiestClient());
    }
    connections.put(connection, new Opened(time.nanos(), clientOf(connection)));
    return !watched;
  }

  /**
   * Ends the connections that have reached their lifetime.
   *
   * @return whether there are others, so that somebody must look again soon
   */
  synchronized boolean endOld() {
    connections.keySet().removeIf(other -> !other.isOpen());
    long now = time.nanos();
    List<SocketChannel> old = new ArrayList<>();
    connections.forEach(
        (connection, opened) -> {
          if (now - opened.nanos() >= lifetime.toNanos()) {
            old.add(connection);
          }
        });
    old.forEach(this::end);
    isWatched = !connections.isEmpty();
    return isWatched;
  }

  /** Records that nobody looks for old ones any more. */
  synchronized void watchEnded() {
    isWatched = false;
  }

  /** Limits the lifetime of all connections to 1 s from now on. */
  synchronized void stopping() {
    lifetime = LIFETIME_WHEN_STOPPING;
  }

  /** Ends all connections. */
  synchronized void endAll() {
    new ArrayList<>(connections.keySet()).forEach(this::end);
  }

  private SocketChannel oldestOfTheBusiestClient() {
    Map<InetAddress, Integer> counts = new HashMap<>();
    connections.values().forEach(opened -> counts.merge(opened.client(), 1, Integer::sum));
    int most = counts.values().stream().mapToInt(count -> count).max().orElse(0);
    return connections.entrySet().stream()
        .filter(entry -> counts.getOrDefault(entry.getValue().client(), 0) == most)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private void end(SocketChannel connection) {
    connections.remove(connection);
    try {
      connection.shutdownInput();
      connection.shutdownOutput();
    } catch (IOException e) {
      // It has ended by itself.
    }
  }

  private static InetAddress clientOf(SocketChannel connection) {
    try {
      return connection.getRemoteAddress() instanceof InetSocketAddress client
          ? client.getAddress()
          : InetAddress.getLoopbackAddress();
    } catch (IOException e) {
      return InetAddress.getLoopbackAddress();
    }
  }
}
