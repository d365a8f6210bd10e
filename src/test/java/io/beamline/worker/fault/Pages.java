package io.beamline.worker.fault;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.ReceivedRequest;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * What HTTP steps ask for: {@code /quick/ID} is answered at once, {@code /slow/MS/ID} after a
 * while, {@code /flaky/ID} fails the first time, {@code /large/BYTES} has a large body, and {@code
 * /paced/ID} takes what {@link #pace} says. Thread-safe.
 */
final class Pages implements Misbehaviour {

  private final MisbehavingHttpServer server;
  private final Set<String> failed = ConcurrentHashMap.newKeySet();
  private volatile Duration pace = Duration.ZERO;

  Pages(MisbehavingHttpServer server) {
    this.server = server.always(this);
  }

  /** The address of a page. */
  String url(String path) {
    return server.url(path);
  }

  /** How long the answers of {@code /paced} take from now on. */
  void pace(Duration time) {
    pace = time;
  }

  /** How often a page was asked for. */
  long visits(String page) {
    return server.requests().stream().filter(request -> request.target().equals(page)).count();
  }

  /** How often each page was asked for. */
  Map<String, Long> visits() {
    return server.requests().stream().collect(groupingBy(ReceivedRequest::target, counting()));
  }

  @Override
  public boolean act(ReceivedRequest request, Socket socket) throws IOException {
    String[] words = request.target().split("/", -1);
    return switch (words[1]) {
      case "slow" -> after(Duration.ofMillis(Long.parseLong(words[2])), request, socket);
      case "paced" -> after(pace, request, socket);
      case "flaky" -> Misbehaviour.answer(statusOf(request), "").act(request, socket);
      case "large" ->
          Misbehaviour.answer(200, "x".repeat(Integer.parseInt(words[2]))).act(request, socket);
      default -> Misbehaviour.answer(200, "hello").act(request, socket);
    };
  }

  private int statusOf(ReceivedRequest request) {
    return failed.add(request.target()) ? 503 : 200;
  }

  private static boolean after(Duration pause, ReceivedRequest request, Socket socket)
      throws IOException {
    LockSupport.parkNanos(pause.toNanos());
    return Misbehaviour.answer(200, "hello").act(request, socket);
  }
}
