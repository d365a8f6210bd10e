package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FeatureSwitch;
import io.beamline.worker.support.HangingFileSystem;
import io.beamline.worker.support.MachineStalls;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.Operator;
import io.beamline.worker.support.ReceivedRequest;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Destinations that fail are left alone, and those that are slow take no slots from the others. */
class CircuitBreakerIT {

  private static final String BREAKER = "CP2_CIRCUIT_BREAKER_ENABLED";
  private static final String CANCELLATION = "CP2_CANCELLATION_ENABLED";
  private static final String RETRY = "CP2_ADVANCED_RETRY_ENABLED";
  private static final String TIMEOUT = "CP2_COMPLETE_TIMEOUT_ENABLED";
  private static final String TRANSITIONS = "worker_circuit_breaker_transitions_total";
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long LATE_MS = 100;

  /** So many steps ask their destination at the same time, in no order. */
  private static final int SLOTS = 8;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private NatsServer nats;
  private RouterStandIn router;
  private MisbehavingHttpServer server;

  @BeforeEach
  void start() {
    nats = NatsServer.start();
    router = RouterStandIn.connect(nats.url());
    server = MisbehavingHttpServer.start();
  }

  @AfterEach
  void close() throws IOException {
    router.assertClean();
    router.close();
    server.close();
    nats.close();
  }

  @Test
  void opensParksTriesAndCloses() {
    server.always(Misbehaviour.answer(503, ""));
    try (WorkerProcess worker =
        worker("one")
            .env(RETRY, "true")
            .env("WORKER_DESTINATIONS_BREAKER_OPEN_FOR", "2s")
            .env("WORKER_DESTINATIONS_RETRY_MINIMUM", "1000")
            .start()) {
      List<String> ids = assign(10, () -> Assignments.http(server.url("/a")).deadlineMs(60_000));
      await(() -> worker.metric("worker_parked_steps") == 10);
      assertThat(worker.metric("worker_active_tasks")).isZero();
      assertThat(worker.metric("worker_retries_waiting")).isZero();
      assertThat(server.requests()).hasSizeLessThanOrEqualTo(10);
      assertThat(worker.metric("worker_circuit_breakers", "state=\"open\"")).isEqualTo(1);
      JsonNode shown = destinations(worker, "").path("destinations").path(0);
      assertThat(shown.path("name").stringValue("")).isEqualTo(origin());
      assertThat(shown.path("state").stringValue("")).isIn("open", "half_open");
      assertThat(shown.path("parked").intValue()).isEqualTo(10);
      assertThat(shown.path("failure_rate").intValue()).isEqualTo(100);
      assertThat(stageOfOne(worker)).isEqualTo("waiting");

      server.always(Misbehaviour.answer(200, ""));

      router.awaitAll(ids, SOON);
      assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
      List<Long> waits =
          ids.stream()
              .map(id -> router.answer(id).resultJson().path("attempts"))
              .filter(attempts -> attempts.size() > 1)
              .map(attempts -> attempts.path(0).path("backoff_ms").longValue(0))
              .toList();
      assertThat(waits).hasSizeGreaterThanOrEqualTo(5).allMatch(wait -> wait > 1_000);
      assertThat(worker.metric(TRANSITIONS, "state=\"open\"")).isGreaterThanOrEqualTo(1);
      assertThat(worker.metric(TRANSITIONS, "state=\"half_open\"")).isGreaterThanOrEqualTo(1);
      assertThat(worker.metric(TRANSITIONS, "state=\"closed\"")).isEqualTo(1);
      assertThat(worker.metric("worker_parked_steps")).isZero();
      assertThat(worker.log()).contains("Circuit breaker opened", "Circuit breaker closed");
    }
  }

  @Test
  void endsStepsAtOnceWithoutAdvancedRetryAndFollowsItsFlag() throws IOException {
    server.always(Misbehaviour.answer(500, ""));
    try (WorkerProcess worker = worker("one").start();
        MisbehavingHttpServer other = MisbehavingHttpServer.start()) {
      List<String> failed = assign(5, () -> Assignments.http(server.url("/a")).maxAttempts(1));
      router.awaitAll(failed, SOON);

      Answer refused = answerTo(Assignments.http(server.url("/b?secret=1")));
      assertThat(refused.status()).isEqualTo("error");
      assertThat(refused.errorCode()).isEqualTo("HTTP_ERROR");
      JsonNode error = refused.resultJson().path("error");
      assertThat(refused.resultJson().path("error_type").stringValue(""))
          .isEqualTo("provider_unavailable");
      assertThat(error.path("retryable").booleanValue(false)).isTrue();
      assertThat(error.at("/details/reason").stringValue("")).isEqualTo("circuit_open");
      assertThat(error.at("/details/destination").stringValue("")).isEqualTo(origin());
      assertThat(error.at("/details/retry_after_ms").longValue(-1)).isBetween(0L, 10_000L);
      assertThat(server.requests()).hasSize(5);
      assertThat(answerTo(Assignments.http(other.url("/"))).status()).isEqualTo("success");
      assertThat(worker.metric("worker_circuit_breaker_rejections_total")).isEqualTo(1);

      // A step whose retry finds the breaker open ends with what it finds, and says what it saw.
      FeatureSwitch flags = new FeatureSwitch(worker);
      flags.set(BREAKER, false);
      assertThat(answerTo(Assignments.http(server.url("/c"))).errorCode()).isEqualTo("HTTP_ERROR");
      assertThat(server.requests()).hasSize(9);
      flags.set(BREAKER, true);
      assertThat(answerTo(Assignments.http(server.url("/d"))).resultJson().path("error_type"))
          .hasToString("\"provider_unavailable\"");
      assertThat(server.requests()).hasSize(9);
    }
  }

  @Test
  @Tag("long")
  void suppressesRetriesBeyondTheBudget() {
    server.always(Misbehaviour.answer(503, ""));
    try (WorkerProcess worker =
        worker("one")
            .env(RETRY, "true")
            .env("WORKER_DESTINATIONS_BREAKER_MINIMUM", "10000")
            .env("WORKER_DESTINATIONS_BREAKER_WINDOW", "10000")
            .start()) {
      List<String> ids = assign(100, () -> Assignments.http(server.url("/a")).maxAttempts(4));
      router.awaitAll(ids, SOON);
      assertThat(server.requests()).hasSizeBetween(110, 120);
      List<JsonNode> suppressed =
          ids.stream()
              .map(id -> router.answer(id).resultJson().path("error"))
              .filter(error -> !error.at("/details/retry_suppressed").isMissingNode())
              .toList();
      assertThat(suppressed).hasSizeGreaterThan(80);
      assertThat(suppressed)
          .allMatch(
              error ->
                  error.at("/details/retry_suppressed").stringValue("").equals("destination_budget")
                      && error.at("/details/status_code").intValue(0) == 503);
      assertThat(worker.metric("worker_retries_suppressed_total")).isEqualTo(suppressed.size());
    }
  }

  @Test
  @Tag("long")
  void keepsTheDeadlineOfStepsThatWait() throws IOException {
    try (WorkerProcess worker =
            worker("one")
                .env(RETRY, "true")
                .env(TIMEOUT, "true")
                .env("WORKER_DESTINATIONS_MAX_CONCURRENCY", "2")
                .start();
        MisbehavingHttpServer slow = MisbehavingHttpServer.start().mute();
        MachineStalls stalls = MachineStalls.watch()) {
      FeatureSwitch flags = new FeatureSwitch(worker);
      assertThat(answerTo(Assignments.http(server.url("/warm"))).status()).isEqualTo("success");
      force(worker, origin(), "open");
      for (boolean complete : List.of(true, false)) {
        flags.set(TIMEOUT, complete);
        List<String> parked =
            assign(20, () -> Assignments.http(server.url("/a")).deadlineMs(1_500));
        router.awaitAll(parked, SOON);
        for (String id : parked) {
          JsonNode result = router.answer(id).resultJson();
          assertThat(result.path("error_type").stringValue("")).isEqualTo("provider_unavailable");
          assertThat(result.at("/error/details/retry_after_ms").isMissingNode()).isTrue();
          assertThat(result.path("elapsed_ms").longValue(0))
              .isBetween(1_500L, 1_500 + LATE_MS + (complete ? 0 : 50) + stalls.longestMs());
        }
      }
      flags.set(TIMEOUT, true);
      List<String> holders =
          assign(2, () -> Assignments.http(slow.url("/a")).deadlineMs(4_000).maxAttempts(1));
      await(() -> slow.open() == 2);
      List<String> limited =
          assign(5, () -> Assignments.http(slow.url("/b")).deadlineMs(1_500).maxAttempts(1));
      await(() -> worker.metric("worker_destination_waiting") == 5);
      assertThat(worker.metric("worker_active_tasks")).isEqualTo(2);
      router.awaitAll(limited, SOON);
      for (String id : limited) {
        JsonNode result = router.answer(id).resultJson();
        assertThat(router.answer(id).errorCode()).isEqualTo("SYSTEM_OVERLOAD");
        assertThat(result.path("elapsed_ms").longValue(0))
            .isBetween(1_500L, 1_500 + LATE_MS + stalls.longestMs());
      }
      router.awaitAll(holders, SOON);
      await(() -> worker.metric("worker_unfinished_assignments") == 0);
      assertThat(destinations(worker, "?state=closed").path("destinations").toString())
          .contains("\"in_flight\":0")
          .doesNotContain("\"in_flight\":1");
    }
  }

  @Test
  @Tag("long")
  void limitsAttemptsAtOnceInOrderOfArrival() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    server.always(
        (request, socket) -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          pause(20);
          now.decrementAndGet();
          return Misbehaviour.answer(200, "").act(request, socket);
        });
    try (WorkerProcess worker =
        worker("one")
            .env("WORKER_DESTINATIONS_OVERRIDES_SLOW_MATCH", "localhost:" + server.port())
            .env("WORKER_DESTINATIONS_OVERRIDES_SLOW_MAX_CONCURRENCY", "2")
            .start()) {
      List<String> ids = IntStream.range(0, 40).mapToObj(i -> router.assign(step(i))).toList();
      router.awaitAll(ids, SOON);
      assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
      assertThat(most).hasValue(2);
      List<String> pairs = server.requests().stream().map(ReceivedRequest::target).toList();
      double outOfPlace =
          IntStream.range(0, 40)
              .map(i -> Math.abs(i - pairs.indexOf("/" + i)))
              .average()
              .orElse(40);
      assertThat(outOfPlace).isLessThan(SLOTS);
      assertThat(worker.metrics()).contains("worker_destination_state{destination=\"slow\"} 0.0");
    }
  }

  @Test
  @Tag("long")
  void handsParkedStepsBackInADrainAndLosesNoneInAKill() {
    try (WorkerProcess one = worker("one").env(RETRY, "true").start()) {
      force(one, origin(), "open");
      List<String> ids = assign(5, () -> Assignments.http(server.url("/a")).deadlineMs(600_000));
      await(() -> one.metric("worker_parked_steps") == 5);
      try (WorkerProcess two = worker("two").env(RETRY, "true").start()) {
        one.sigterm();
        router.awaitAll(ids, SOON);
        assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
        assertThat(one.awaitExit(SOON)).isIn(0, 143);

        force(two, origin(), "open");
        List<String> more = assign(5, () -> Assignments.http(server.url("/b")).deadlineMs(600_000));
        await(() -> two.metric("worker_parked_steps") == 5);
        two.kill9();
        try (WorkerProcess three = worker("three").env(RETRY, "true").start()) {
          router.awaitAll(more, SOON);
          assertThat(more).allMatch(id -> router.answer(id).status().equals("success"));
          assertThat(three.alive()).isTrue();
        }
      }
      assertThat(server.requests()).hasSize(10);
    }
  }

  @Test
  @Tag("long")
  void forcesADestinationForTheFleet() {
    try (WorkerProcess one = worker("one").env("WORKER_FEATURES_STORE", "nats-kv").start();
        WorkerProcess two = worker("two").env("WORKER_FEATURES_STORE", "nats-kv").start()) {
      Operator operator = new Operator(one);
      String path = "/actuator/destinations";
      String open = "{\"destination\": \"%s\", \"state\": \"open\"}";
      assertThat(operator.postAnonymously(path, open.formatted(origin())).statusCode())
          .isEqualTo(401);
      assertThat(operator.post(path, "{\"state\": \"open\"}").statusCode()).isEqualTo(400);
      assertThat(operator.post(path, open.formatted("ftp://x")).statusCode()).isEqualTo(400);
      assertThat(operator.post(path, open.replace("open", "ajar").formatted(origin())).body())
          .contains("state must be there, and be open, closed or auto");
      String spelled = origin().replace("http://localhost", "HTTP://LocalHost.") + "/path";
      assertThat(operator.post(path, open.formatted(spelled)).body())
          .contains("\"destination\":\"" + origin() + "\"", "\"enabled\":true", "\"used\":false");
      Awaitility.await()
          .atMost(Duration.ofSeconds(1))
          .pollInterval(20, TimeUnit.MILLISECONDS)
          .until(() -> two.metric("worker_circuit_breakers", "state=\"open\"") == 1);
      List<String> ids = assign(10, () -> Assignments.http(server.url("/a")));
      router.awaitAll(ids, SOON);
      assertThat(ids)
          .allMatch(
              id ->
                  router
                      .answer(id)
                      .resultJson()
                      .path("error_type")
                      .stringValue("")
                      .equals("provider_unavailable"));
      assertThat(server.requests()).isEmpty();
      assertThat(destinations(two, "?state=open&limit=1").toString())
          .contains("\"count\":1", "\"forced\":true");
      assertThat(operator.get(path + "?limit=0").statusCode()).isEqualTo(400);
      assertThat(operator.get(path + "?state=ajar").statusCode()).isEqualTo(400);

      // A worker that starts later follows too, and so does one that was told the opposite.
      try (WorkerProcess three = worker("three").env("WORKER_FEATURES_STORE", "nats-kv").start()) {
        assertThat(three.metric("worker_circuit_breakers", "state=\"open\"")).isEqualTo(1);
        force(two, origin(), "auto");
        for (WorkerProcess each : List.of(one, two, three)) {
          await(() -> each.metric("worker_circuit_breakers", "state=\"open\"") == 0);
        }
      }
      assertThat(answerTo(Assignments.http(server.url("/b"))).status()).isEqualTo("success");
    }
  }

  @Test
  @Tag("long")
  void leavesARootAloneThatHangs(@TempDir Path healthy) {
    try (HangingFileSystem disk = HangingFileSystem.mount();
        WorkerProcess worker =
            worker("one")
                .env(TIMEOUT, "true")
                .env("WORKER_TIMEOUTS_FS_WRITE", "300ms")
                .env("WORKER_BLOCKS_FS_THREADS", String.valueOf(SLOTS))
                .env("WORKER_BLOCKS_FS_ROOTS", disk.root() + "," + healthy)
                .start()) {
      assertThat(answerTo(Assignments.put(disk.root() + "/warm", "x")).status())
          .isEqualTo("success");
      disk.hang();
      List<String> hung = assign(20, () -> Assignments.put(disk.root() + "/f", "x"));
      List<String> others = assign(20, () -> Assignments.put(healthy + "/g", "x"));
      router.awaitAll(hung, SOON);
      router.awaitAll(others, SOON);
      assertThat(withStatus(hung, "timeout")).hasSizeBetween(5, SLOTS);
      assertThat(withStatus(others, "success")).hasSize(20);
      assertThat(worker.metric("worker_fs_stuck_threads")).isBetween(5.0, 6.0);

      Answer refused = answerTo(Assignments.put(disk.root() + "/g", "x"));

      assertThat(refused.errorCode()).isEqualTo("RESOURCE_UNAVAILABLE");
      assertThat(refused.resultJson().at("/error/details/destination").stringValue(""))
          .isEqualTo(disk.root().toString());
      assertThat(answerTo(Assignments.put(healthy + "/f", "x")).status()).isEqualTo("success");
      assertThat(worker.metric("worker_circuit_breakers", "state=\"open\"")).isEqualTo(1);
      disk.wake();
    }
  }

  @Test
  @Tag("long")
  void appliesToItsShareOfTheAssignmentsOnly() {
    try (WorkerProcess worker = worker("one").start()) {
      FeatureSwitch flags = new FeatureSwitch(worker);
      flags.gradual(BREAKER, "10");
      flags.gradual(CANCELLATION, "10");
      force(worker, origin(), "open");
      List<String> steps = assign(1_000, () -> Assignments.http(server.url("/a")));
      router.awaitAll(steps, SOON);
      List<String> left = withStatus(steps, "error");
      assertThat(left).hasSizeBetween(60, 140);
      assertThat(withStatus(steps, "success")).hasSize(steps.size() - left.size());
      assertThat(server.requests()).hasSize(steps.size() - left.size());

      String run = UUID.randomUUID().toString();
      List<Assignments> ofRun =
          Stream.generate(() -> Assignments.sleep(1).correlated()).limit(1_000).toList();
      ofRun.forEach(step -> step.json().withObject("correlation").put("run_id", run));
      router
          .connection()
          .publish(
              "caf.exec.cancel.v1",
              "{\"version\": \"1\", \"tenant_id\": \"tenant-a\", \"run_id\": \"%s\"}"
                  .formatted(run)
                  .getBytes(StandardCharsets.UTF_8));
      await(() -> router.streams().stored("caf.exec.cancel.v1") == 1);
      List<String> ids = router.assignAll(ofRun);
      router.awaitAll(ids, SOON);
      List<String> cancelled = withStatus(ids, "cancelled");
      assertThat(cancelled).hasSizeBetween(60, 140);
      assertThat(withStatus(ids, "success")).hasSize(ids.size() - cancelled.size());
    }
  }

  private List<String> withStatus(List<String> ids, String status) {
    return ids.stream().filter(id -> router.answer(id).status().equals(status)).toList();
  }

  private Assignments step(int number) {
    return Assignments.http(server.url("/" + number));
  }

  private static void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> assign(int count, Callable<Assignments> step) {
    return router.assignAll(
        Stream.generate(
                () -> {
                  try {
                    return step.call();
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                })
            .limit(count)
            .toList());
  }

  private Answer answerTo(Assignments step) {
    return router.awaitResult(router.assign(step), SOON);
  }

  private String origin() {
    return "http://localhost:" + server.port();
  }

  private static void force(WorkerProcess worker, String destination, String state) {
    assertThat(
            new Operator(worker)
                .post(
                    "/actuator/destinations",
                    "{\"destination\": \"%s\", \"state\": \"%s\"}".formatted(destination, state))
                .statusCode())
        .isEqualTo(200);
  }

  private static JsonNode destinations(WorkerProcess worker, String query) {
    return JSON.readTree(new Operator(worker).get("/actuator/destinations" + query).body());
  }

  private static String stageOfOne(WorkerProcess worker) {
    return JSON.readTree(new Operator(worker).get("/actuator/assignments?limit=1").body())
        .at("/assignments/0/stage")
        .stringValue("");
  }

  private WorkerProcess.Builder worker(String id) {
    return WorkerProcess.of(nats.url())
        .env("WORKER_ID", id)
        .env(BREAKER, "true")
        .env("WORKER_NATS_ACK_WAIT", "2s")
        .env("WORKER_POOLS_IO_CONCURRENCY", String.valueOf(SLOTS));
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(SOON).pollInterval(20, TimeUnit.MILLISECONDS).until(condition);
  }
}
