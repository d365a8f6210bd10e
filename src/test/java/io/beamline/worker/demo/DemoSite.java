package io.beamline.worker.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A web site on a free port: {@code /ok} answers, {@code /flaky} fails two times of three. All of
 * it may be down at times.
 */
public final class DemoSite implements AutoCloseable {

  private static final Duration CYCLE = Duration.ofSeconds(30);
  private static final Duration DOWN_FROM = Duration.ofSeconds(5);
  private static final Duration DOWN_TO = Duration.ofSeconds(15);

  private final HttpServer server;
  private final boolean downAtTimes;
  private final long startNanos = System.nanoTime();
  private final AtomicInteger flakyCalls = new AtomicInteger();

  private DemoSite(HttpServer server, boolean downAtTimes) {
    this.server = server;
    this.downAtTimes = downAtTimes;
  }

  /** Starts a site that is never down. */
  public static DemoSite start() throws IOException {
    return start(false);
  }

  /** Starts a site that answers every request with 503 for ten seconds of each thirty. */
  public static DemoSite startDownAtTimes() throws IOException {
    return start(true);
  }

  private static DemoSite start(boolean downAtTimes) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    DemoSite site = new DemoSite(HttpServer.create(address, 0), downAtTimes);
    site.server.createContext("/ok", exchange -> site.answer(exchange, 200));
    site.server.createContext("/flaky", site::flaky);
    site.server.createContext("/", exchange -> site.answer(exchange, 404));
    site.server.start();
    return site;
  }

  /** Its address, without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void flaky(HttpExchange exchange) throws IOException {
    answer(exchange, flakyCalls.incrementAndGet() % 3 == 0 ? 200 : 503);
  }

  private void answer(HttpExchange exchange, int statusWhenUp) throws IOException {
    int status = isDown() ? 503 : statusWhenUp;
    try (exchange) {
      byte[] body = ("{\"ok\":" + (status == 200) + "}").getBytes(UTF_8);
      exchange.getResponseHeaders().add("content-type", "application/json");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private boolean isDown() {
    long now = (System.nanoTime() - startNanos) % CYCLE.toNanos();
    return downAtTimes && now >= DOWN_FROM.toNanos() && now < DOWN_TO.toNanos();
  }
}
