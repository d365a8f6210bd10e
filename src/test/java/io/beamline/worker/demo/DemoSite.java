package io.beamline.worker.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** A web site on a free port: {@code /ok} answers, {@code /flaky} fails two times of three. */
public final class DemoSite implements AutoCloseable {

  private final HttpServer server;
  private final AtomicInteger flakyCalls = new AtomicInteger();

  private DemoSite(HttpServer server) {
    this.server = server;
  }

  /** Starts the site. */
  public static DemoSite start() throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    DemoSite site = new DemoSite(HttpServer.create(address, 0));
    site.server.createContext("/ok", exchange -> answer(exchange, 200, "{\"ok\":true}"));
    site.server.createContext("/flaky", site::flaky);
    site.server.createContext("/", exchange -> answer(exchange, 404, "{\"ok\":false}"));
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
    boolean works = flakyCalls.incrementAndGet() % 3 == 0;
    answer(exchange, works ? 200 : 503, "{\"ok\":" + works + "}");
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    try (exchange) {
      byte[] body = json.getBytes(UTF_8);
      exchange.getResponseHeaders().add("content-type", "application/json");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
