package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** An HTTP server of this machine that answers each request after a pause with 1 KB. */
final class SlowSite implements AutoCloseable {

  private static final Duration USUAL_PAUSE = Duration.ofMillis(5);
  private static final String BODY = "x".repeat(1024);

  private final DisposableServer server;

  /** One that answers after 5 ms. */
  SlowSite() {
    this(USUAL_PAUSE);
  }

  /** One that takes its time. */
  SlowSite(Duration pause) {
    server =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .handle(
                (request, response) ->
                    response
                        .header(HttpHeaderNames.CONTENT_LENGTH, "" + BODY.length())
                        .sendString(Mono.delay(pause).map(tick -> BODY)))
            .bindNow();
  }

  /** Where it answers. */
  String url() {
    return "http://127.0.0.1:" + server.port() + "/";
  }

  /** A step that sends it 1 KB. */
  Assignments post() {
    return Assignments.http(url()).input("method", "POST").input("body", BODY);
  }

  @Override
  public void close() {
    server.disposeNow();
  }
}
