package io.beamline.worker.fault;

import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.ReceivedRequest;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What HTTP steps ask for that may be cancelled: {@code /hang/ID} has no answer, {@code
 * /failing/ID} always fails, {@code /slow/ID} is answered after a while, and {@code /flaky/ID}
 * fails the first time. It keeps when each was answered, and when the connection of one without an
 * answer was closed. Thread-safe.
 */
final class CancelPages implements Misbehaviour {

  private static final Duration SLOW = Duration.ofMillis(300);

  private final MisbehavingHttpServer server;
  private final Collection<Exchange> exchanges = new ConcurrentLinkedQueue<>();
  private final Set<String> failed = ConcurrentHashMap.newKeySet();

  CancelPages(MisbehavingHttpServer server) {
    this.server = server.always(this);
  }

  /** The address of a page for a step. */
  String url(String page, String id) {
    return server.url("/" + page + "/" + id);
  }

  /** Every request so far. */
  Collection<Exchange> exchanges() {
    return exchanges;
  }

  /** How many requests wait for an answer that never comes. */
  long hanging() {
    return exchanges.stream().filter(exchange -> exchange.closedNanos == 0).count();
  }

  @Override
  public boolean act(ReceivedRequest request, Socket socket) throws IOException {
    String[] words = request.target().split("/", -1);
    Exchange exchange = new Exchange(words[2]);
    exchanges.add(exchange);
    try {
      return switch (words[1]) {
        case "hang" -> Misbehaviour.stallBeforeHeaders().act(request, socket);
        case "failing" -> Misbehaviour.answer(503, "").act(request, socket);
        case "flaky" ->
            Misbehaviour.answer(failed.add(words[2]) ? 503 : 200, "").act(request, socket);
        default -> {
          Pause.of(SLOW);
          yield Misbehaviour.answer(200, "hello").act(request, socket);
        }
      };
    } finally {
      exchange.closedNanos = System.nanoTime();
    }
  }

  /** One request of a step, until it was answered or its connection was closed. */
  static final class Exchange {

    final String assignmentId;
    volatile long closedNanos;

    Exchange(String assignmentId) {
      this.assignmentId = assignmentId;
    }
  }
}
