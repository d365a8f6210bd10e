package io.beamline.worker.bench;

import io.beamline.worker.support.Assignments;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;

/** An HTTP server of this machine that answers each request after a pause with 1 KB. */
final class SlowSite implements AutoCloseable {

  private static final Duration USUAL_PAUSE = Duration.ofMillis(5);
  private static final Duration LATER = Duration.ofMinutes(30);
  private static final String LOOPBACK = "127.0.0.1";
  private static final String BODY = "x".repeat(1024);

  private final DisposableServer server;

  /** One that answers after 5 ms. */
  SlowSite() {
    this(USUAL_PAUSE);
  }

  /** One that takes its time. */
  SlowSite(Duration pause) {
    this(LOOPBACK, response -> response, pause);
  }

  private SlowSite(String host, UnaryOperator<HttpServerResponse> head, Duration pause) {
    server =
        HttpServer.create()
            .host(host)
            .port(0)
            .handle(
                (request, response) ->
                    head.apply(response)
                        .header(HttpHeaderNames.CONTENT_LENGTH, "" + BODY.length())
                        .sendString(Mono.delay(pause).map(tick -> BODY)))
            .bindNow();
  }

  /**
   * One that answers after 5 ms at every address of this machine, and closes each connection after
   * its response: a client connects once for each request, however many addresses it visits.
   */
  static SlowSite everywhere() {
    return new SlowSite("0.0.0.0", response -> response.keepAlive(false), USUAL_PAUSE);
  }

  /** One that asks each client to come again in half an hour. */
  static SlowSite unavailable() {
    return new SlowSite(
        LOOPBACK,
        response ->
            response
                .status(HttpResponseStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaderNames.RETRY_AFTER, "" + LATER.toSeconds()),
        USUAL_PAUSE);
  }

  /** Where it answers. */
  String url() {
    return url(LOOPBACK);
  }

  /** Where it answers at another address of this machine. */
  String url(String address) {
    return "http://" + address + ":" + server.port() + "/";
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
