package io.beamline.worker.training;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** The site that HTTP steps go to, on a free port of this machine. Safe for several threads. */
final class TrainingSite implements AutoCloseable {

  /** The path that always answers. */
  static final String WELL = "/well";

  /** The start of paths that answer 503 to each second request. */
  static final String FLAKY = "/flaky/";

  private static final String BODY = "{\"status\":\"well\",\"items\":[1,2,3]}";

  private final Set<String> failed = ConcurrentHashMap.newKeySet();
  private final DisposableServer server =
      HttpServer.create()
          .host("127.0.0.1")
          .port(0)
          .route(
              routes -> routes.get(WELL, this::answer).get(FLAKY + "{number}", this::answerOrFail))
          .bindNow();

  /** Returns its address, without a slash at the end. */
  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
    return response.header("Content-Type", "application/json").sendString(Mono.just(BODY));
  }

  private Publisher<Void> answerOrFail(HttpServerRequest request, HttpServerResponse response) {
    if (failed.add(request.uri())) {
      return response.status(503).send();
    }
    failed.remove(request.uri());
    return answer(request, response);
  }

  @Override
  public void close() {
    server.disposeNow();
  }
}
