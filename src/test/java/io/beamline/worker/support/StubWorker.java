package io.beamline.worker.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** A program that looks like a worker from outside. */
public final class StubWorker {

  private static final String METRICS =
      """
      # TYPE worker_steps counter
      worker_steps{type="echo",status="success"} 3.0
      worker_steps{type="sleep",status="success"} 2.0
      worker_steps_more{type="echo"} 7.0
      """;

  private StubWorker() {}

  /** Answers every request with the metrics; ends at once when STUB_FAILS is set. */
  public static void main(String[] args) throws Exception {
    System.err.println("an error");
    if (System.getenv("STUB_FAILS") != null) {
      System.exit(1);
    }
    System.out.println("stub for " + System.getenv("NATS_URL"));
    System.out.println(Path.of("").toAbsolutePath());
    int port = Integer.parseInt(System.getenv("MANAGEMENT_SERVER_PORT"));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = METRICS.getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }
}
