package io.beamline.worker.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * An HTTP server for many requests at once: each answer takes the same time, and a test says which
 * status it has. It counts requests and how many it has at once. Thread-safe.
 */
public final class PacedSite implements AutoCloseable {

  private final HttpServer site;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private volatile IntSupplier status = () -> 200;

  private PacedSite(HttpServer site) {
    this.site = site;
  }

  /** Starts a server that answers 200 after a time. */
  public static PacedSite start(Duration answer) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
      PacedSite site = new PacedSite(server);
      Executor later =
          CompletableFuture.delayedExecutor(
              answer.toMillis(),
              TimeUnit.MILLISECONDS,
              task -> Thread.ofVirtual().name("site").start(task));
      server.createContext(
          "/",
          exchange -> {
            site.arrived();
            later.execute(() -> site.answer(exchange));
          });
      server.start();
      return site;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers with what this gives, for each request anew. */
  public void status(IntSupplier next) {
    status = next;
  }

  /** An address on it. */
  public String url(String path) {
    return "http://localhost:" + site.getAddress().getPort() + path;
  }

  /** The requests so far. */
  public int requests() {
    return requests.get();
  }

  /** The most requests that it has had at once. */
  public int mostAtOnce() {
    return most.get();
  }

  @Override
  public void close() {
    site.stop(0);
  }

  private void arrived() {
    requests.incrementAndGet();
    most.accumulateAndGet(now.incrementAndGet(), Math::max);
  }

  private void answer(HttpExchange exchange) {
    now.decrementAndGet();
    try (exchange) {
      exchange.sendResponseHeaders(status.getAsInt(), -1);
    } catch (IOException e) {
      // The client has given up.
    }
  }
}
