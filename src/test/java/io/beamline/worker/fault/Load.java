package io.beamline.worker.fault;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.RouterStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * Assigns steps at a steady pace, as a Router does that survives whatever happens to NATS: what the
 * stream has not confirmed is published again under the same {@code Nats-Msg-Id}. Thread-safe.
 */
final class Load implements AutoCloseable {

  private static final Duration CONFIRMED_WITHIN = Duration.ofSeconds(3);
  private static final Duration LAST_CONFIRMED = Duration.ofSeconds(60);
  private static final Executor SOON =
      CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS);

  private final RouterStandIn router;
  private final Ledger ledger;
  private final Pages pages;
  private final Path folder;
  private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger unconfirmed = new AtomicInteger();
  private volatile boolean running;
  private long number;

  Load(RouterStandIn router, Ledger ledger, Pages pages, Path folder, int perSecond) {
    this.router = router;
    this.ledger = ledger;
    this.pages = pages;
    this.folder = folder;
    if (perSecond > 0) {
      Future<?> unused =
          pace.scheduleAtFixedRate(this::next, 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    }
  }

  /** Goes on from now on. */
  void resume() {
    running = true;
  }

  /** Stops, and waits until the stream has confirmed all. */
  void pause() {
    running = false;
    Awaitility.await("all is confirmed").atMost(LAST_CONFIRMED).until(() -> unconfirmed.get() == 0);
  }

  /** Assigns a step; completes when the stream has confirmed it. */
  CompletableFuture<String> assign(Assignments step, Expected expected) {
    unconfirmed.incrementAndGet();
    Map<String, String> headers = new HashMap<>(step.headers());
    headers.put("Nats-Msg-Id", step.id());
    return publish(step, headers, expected)
        .whenComplete((confirmed, failure) -> unconfirmed.decrementAndGet());
  }

  /** Assigns steps, and waits until the stream has confirmed them. Returns their ids. */
  List<String> assignAll(List<Assignments> steps, Expected expected) {
    List<CompletableFuture<String>> pending =
        steps.stream().map(step -> assign(step, expected)).toList();
    return pending.stream().map(CompletableFuture::join).toList();
  }

  @Override
  public void close() {
    running = false;
    pace.shutdownNow();
  }

  private CompletableFuture<String> publish(
      Assignments step, Map<String, String> headers, Expected expected) {
    Instant at = Instant.now();
    return send(step, headers)
        .thenApply(
            confirmed -> {
              ledger.assigned(step.id(), expected, at);
              return step.id();
            })
        .exceptionallyComposeAsync(failure -> publish(step, headers, expected), SOON);
  }

  private CompletableFuture<?> send(Assignments step, Map<String, String> headers) {
    try {
      return router
          .publish(step.bytes(), headers)
          .orTimeout(CONFIRMED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void next() {
    if (running) {
      CompletableFuture<String> unused = assign(step(number++), Expected.SUCCESS);
    }
  }

  /** Of ten steps three echo, two sleep, three ask a server, and two are about files. */
  private Assignments step(long n) {
    return switch ((int) (n % 10)) {
      case 0, 1, 2 -> Assignments.echo().correlated();
      case 3 -> Assignments.sleep(5);
      case 4 -> Assignments.sleep(150);
      case 5 -> asking("/quick/");
      case 6 -> asking("/slow/100/");
      case 7 -> asking("/flaky/");
      case 8 -> Assignments.put(file("new-" + n).toString(), "content of " + n);
      default -> Assignments.get(written(n).toString());
    };
  }

  private Assignments asking(String page) {
    Assignments step = Assignments.http("");
    return step.input("url", pages.url(page + step.id()));
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private Path written(long n) {
    Path known = file("known-" + n % 100);
    if (Files.exists(known)) {
      return known;
    }
    try {
      return Files.writeString(known, "known");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
