package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.PacedSite;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What circuit breakers and limits are for, measured: the numbers of W3-5. */
@Tag("long")
class DestinationLoadIT {

  private static final String BREAKER = "CP2_CIRCUIT_BREAKER_ENABLED";
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int A_SECOND = 50;
  private static final int FAILING_SECONDS = 30;
  private static final int RECOVERY_SECONDS = 10;
  private static final int AFTER_SECONDS = 20;
  private static final int PAIRS = 5;

  private NatsServer nats;
  private RouterStandIn router;

  @BeforeEach
  void start() {
    nats = NatsServer.start();
    router = RouterStandIn.connect(nats.url());
  }

  @AfterEach
  void close() {
    router.assertClean();
    router.close();
    nats.close();
  }

  /**
   * 50 steps a second, of which 80 % get a 500 for 30 s. Within 10 s after that the server has its
   * traffic again; and while it fails it sees at most 0.3 of the requests that it sees without.
   */
  @Test
  void aFailingServerIsLeftAloneAndComesBack() {
    Scenario without = scenario(false);
    Scenario with = scenario(true);
    System.out.printf(
        "Failing server: %d requests with breakers, %d without (%.2f); afterwards %.1f %% and"
            + " %.1f %% of the steps succeed; opened %d times, half open %d, closed %d%n",
        with.requests(),
        without.requests(),
        1.0 * with.requests() / without.requests(),
        100 * with.afterwards(),
        100 * without.afterwards(),
        with.opened(),
        with.halfOpened(),
        with.closed());
    assertThat(1.0 * with.requests() / without.requests()).isLessThanOrEqualTo(0.3);
    assertThat(with.afterwards()).isGreaterThanOrEqualTo(0.8);
    assertThat(with.opened()).isPositive();
    assertThat(with.halfOpened()).isPositive();
    assertThat(with.closed()).isPositive();
    assertThat(without.opened()).isZero();
  }

  /** Half of all steps go to a server that never answers; the others keep their throughput. */
  @Test
  void aDeadDestinationTakesNothingFromTheOthers() throws IOException {
    try (PacedSite healthy = PacedSite.start(Duration.ofMillis(100));
        MisbehavingHttpServer dead = MisbehavingHttpServer.start().mute();
        WorkerProcess worker =
            worker().env("WORKER_TIMEOUTS_HTTP_RESPONSE", "1s").env(BREAKER, "true").start()) {
      warm(healthy);
      List<String> opening = router.assignAll(steps(10, i -> toDead(dead)));
      Awaitility.await()
          .atMost(LONG)
          .until(() -> worker.metric("worker_circuit_breakers", "state=\"open\"") == 1);
      assertThat(opening).hasSize(10);
      List<Double> ratios = new ArrayList<>();
      for (int pair = 0; pair < PAIRS; pair++) {
        double alone = rate(router.assignAll(steps(1_000, i -> step(healthy))));
        List<Assignments> mixed = steps(2_000, i -> i % 2 == 0 ? step(healthy) : toDead(dead));
        List<String> ids = router.assignAll(mixed);
        double beside = rate(everySecond(ids));
        ratios.add(beside / alone);
      }
      double median = ratios.stream().sorted().toList().get(PAIRS / 2);
      System.out.printf(
          "Healthy steps beside a dead destination: %.3f of alone (%s); %d requests reached it, %.0f"
              + " steps are parked%n",
          median, ratios, dead.accepted(), worker.metric("worker_parked_steps"));
      assertThat(median).isGreaterThanOrEqualTo(0.95);
    }
  }

  /**
   * Half of all steps go to a server that takes 2 s for each answer, at most 8 at once. The others,
   * which need some of the 32 slots, keep their throughput.
   */
  @Test
  void aSlowDestinationUnderALimitTakesNothingFromTheOthers() {
    try (PacedSite healthy = PacedSite.start(Duration.ofMillis(20));
        PacedSite slow = PacedSite.start(Duration.ofSeconds(2));
        WorkerProcess worker =
            worker()
                .env(BREAKER, "true")
                .env("WORKER_DESTINATIONS_OVERRIDES_SLOW_MATCH", slow.url("").substring(7))
                .env("WORKER_DESTINATIONS_OVERRIDES_SLOW_MAX_CONCURRENCY", "8")
                .start()) {
      warm(healthy);
      List<Double> ratios = new ArrayList<>();
      for (int pair = 0; pair < PAIRS; pair++) {
        double alone = flow(steps(1_500, i -> step(healthy)), 1);
        double beside = flow(steps(3_000, i -> i % 2 == 0 ? step(healthy) : toSlow(slow)), 2);
        ratios.add(beside / alone);
      }
      double median = ratios.stream().sorted().toList().get(PAIRS / 2);
      System.out.printf(
          "Healthy steps beside a slow destination: %.3f of alone (%s); at most %d at once went to"
              + " it, %.0f steps wait for it%n",
          median, ratios, slow.mostAtOnce(), worker.metric("worker_destination_waiting"));
      assertThat(median).isGreaterThanOrEqualTo(0.95);
      assertThat(slow.mostAtOnce()).isEqualTo(8);
    }
  }

  private Scenario scenario(boolean breaker) {
    try (PacedSite site = PacedSite.start(Duration.ofMillis(10));
        WorkerProcess worker = worker().env(BREAKER, String.valueOf(breaker)).start()) {
      warm(site);
      int before = site.requests();
      site.status(() -> ThreadLocalRandom.current().nextDouble() < 0.8 ? 500 : 200);
      List<String> during = paced(FAILING_SECONDS, () -> step(site));
      int requests = site.requests() - before;
      site.status(() -> 200);
      List<String> recovering = paced(RECOVERY_SECONDS, () -> step(site));
      List<String> after = paced(AFTER_SECONDS, () -> step(site));
      router.awaitAll(during, LONG);
      router.awaitAll(recovering, LONG);
      router.awaitAll(after, LONG);
      long succeeded =
          after.stream().filter(id -> router.answer(id).status().equals("success")).count();
      return new Scenario(
          requests,
          1.0 * succeeded / after.size(),
          transitions(worker, "open"),
          transitions(worker, "half_open"),
          transitions(worker, "closed"));
    }
  }

  private static int transitions(WorkerProcess worker, String state) {
    return (int)
        worker.metric("worker_circuit_breaker_transitions_total", "state=\"" + state + "\"");
  }

  private List<String> paced(int seconds, Supplier<Assignments> step) {
    List<String> ids = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < seconds * A_SECOND; i++) {
      LockSupport.parkNanos(start + i * TimeUnit.SECONDS.toNanos(1) / A_SECOND - System.nanoTime());
      ids.add(router.assign(step.get()));
    }
    return ids;
  }

  /** Assigns 300 healthy steps a second; gives how many healthy ones ended per second. */
  private double flow(List<Assignments> steps, int everyOne) {
    List<String> healthy = new ArrayList<>();
    long start = System.nanoTime();
    int batch = 15 * everyOne;
    for (int from = 0; from < steps.size(); from += batch) {
      LockSupport.parkNanos(
          start + from / batch * TimeUnit.MILLISECONDS.toNanos(50) - System.nanoTime());
      List<String> ids = router.assignAll(steps.subList(from, from + batch));
      healthy.addAll(everyOne == 1 ? ids : everySecond(ids));
    }
    return rate(healthy);
  }

  /** Steps that ended per second, from the first ack to the last result by the worker's clock. */
  private double rate(List<String> ids) {
    router.awaitAll(ids, LONG);
    List<Answer> answers = ids.stream().map(router::answer).toList();
    assertThat(answers).allMatch(answer -> answer.status().equals("success"));
    long from =
        answers.stream()
            .mapToLong(
                answer -> answer.ack().orElseThrow().json().path("acknowledged_at").longValue())
            .min()
            .orElseThrow();
    long to =
        answers.stream()
            .mapToLong(answer -> answer.resultJson().path("timestamp").longValue())
            .max()
            .orElseThrow();
    return ids.size() * 1_000.0 / (to - from);
  }

  private void warm(PacedSite site) {
    router.awaitAll(router.assignAll(steps(500, i -> step(site))), LONG);
  }

  private static List<String> everySecond(List<String> ids) {
    List<String> some = new ArrayList<>();
    for (int i = 0; i < ids.size(); i += 2) {
      some.add(ids.get(i));
    }
    return some;
  }

  private static List<Assignments> steps(int count, IntFunction<Assignments> step) {
    return Stream.iterate(0, i -> i + 1).limit(count).map(step::apply).toList();
  }

  private static Assignments step(PacedSite site) {
    return Assignments.http(site.url("/step")).deadlineMs(30_000);
  }

  private static Assignments toSlow(PacedSite site) {
    return Assignments.http(site.url("/slow")).deadlineMs(3_600_000);
  }

  private static Assignments toDead(MisbehavingHttpServer dead) {
    return Assignments.http(dead.url("/dead")).deadlineMs(3_600_000);
  }

  private WorkerProcess.Builder worker() {
    return WorkerProcess.of(nats.url())
        .jvm("-XX:TieredStopAtLevel=4")
        .env("WORKER_SHUTDOWN_GRACE", "0s")
        .env("CP2_ADVANCED_RETRY_ENABLED", "true")
        .env("CP2_COMPLETE_TIMEOUT_ENABLED", "true");
  }

  /** What a run of the scenario gave. */
  private record Scenario(
      int requests, double afterwards, int opened, int halfOpened, int closed) {}
}
