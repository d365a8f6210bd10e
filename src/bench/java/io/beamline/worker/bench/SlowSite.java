package io.beamline.worker.bench;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** An HTTP server of this machine that answers each request after 5 ms with 1 KB. */
final class SlowSite implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final String BODY = "x".repeat(1024);

  private final DisposableServer server =
      HttpServer.create()
          .host("127.0.0.1")
          .port(0)
          .handle(
              (request, response) ->
                  response
                      .header(HttpHeaderNames.CONTENT_LENGTH, "" + BODY.length())
                      .sendString(Mono.delay(PAUSE).map(tick -> BODY)))
          .bindNow();

  /** Where it answers. */
  String url() {
    return "http://127.0.0.1:" + server.port() + "/";
  }

  @Override
  public void close() {
    server.disposeNow();
  }
}
