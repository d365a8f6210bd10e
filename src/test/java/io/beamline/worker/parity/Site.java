package io.beamline.worker.parity;

import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.ReceivedRequest;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** A server with a page for each scenario, which notes when it was asked. Thread-safe. */
final class Site implements AutoCloseable {

  private static final Misbehaviour UNKNOWN = Misbehaviour.answer(404, "");

  private final MisbehavingHttpServer server = MisbehavingHttpServer.start();
  private final Map<String, Misbehaviour> pages = new ConcurrentHashMap<>();
  private final Set<String> endless = ConcurrentHashMap.newKeySet();
  private final Map<String, List<Visit>> visits = new ConcurrentHashMap<>();

  Site() {
    server.always(this::serve);
  }

  /** Makes a page that answers so each time; gives its URL. */
  String page(String path, Misbehaviour answer) {
    pages.put(path, answer);
    return server.url(path);
  }

  /** Makes a page whose requests end only when the client has had enough; gives its URL. */
  String endlessPage(String path, Misbehaviour behaviour) {
    endless.add(path);
    return page(path, behaviour);
  }

  int port() {
    return server.port();
  }

  /** The requests for a page, in order. */
  List<ReceivedRequest> requests(String path) {
    return visitsOf(path).stream().map(visit -> visit.request).toList();
  }

  /** The times from the end of one request for a page to the arrival of the next, in ms. */
  List<Long> waits(String path) {
    List<Visit> all = visitsOf(path);
    return IntStream.range(1, all.size())
        .mapToObj(i -> (all.get(i).arrivedNanos - all.get(i - 1).endedNanos) / 1_000_000)
        .toList();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private List<Visit> visitsOf(String path) {
    return visits.computeIfAbsent(path, any -> new CopyOnWriteArrayList<>());
  }

  private boolean serve(ReceivedRequest request, Socket socket) throws IOException {
    Visit visit = new Visit(request);
    visitsOf(request.target()).add(visit);
    try {
      return pages.getOrDefault(request.target(), UNKNOWN).act(request, socket);
    } finally {
      if (endless.contains(request.target())) {
        visit.endedNanos = System.nanoTime();
      }
    }
  }

  /** One request; it ends with the answer, which is as good as its arrival. */
  private static final class Visit {

    private final ReceivedRequest request;
    private final long arrivedNanos = System.nanoTime();
    private volatile long endedNanos = arrivedNanos;

    Visit(ReceivedRequest request) {
      this.request = request;
    }
  }
}
