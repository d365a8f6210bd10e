package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FeatureSwitch;
import io.beamline.worker.support.MemoryCurve;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Queue management of the built jar (W3-4): room, rejection, what is told of it, its switch. */
class QueueManagementIT {

  private static final String FLAG = "CP2_QUEUE_MANAGEMENT_ENABLED";
  private static final Duration SOON = Duration.ofSeconds(30);

  /** Longer than a test looks at what runs meanwhile. */
  private static final long LONG_MS = 8_000;

  /** Each switch costs a check of a password, which is slow on purpose. */
  private static final int SWITCHES = 40;

  private static final String CPU = "resource_pool=\"cpu\"";

  private NatsServer nats;
  private RouterStandIn router;

  @BeforeEach
  void start() {
    nats = NatsServer.start();
    router = RouterStandIn.connect(nats.url());
  }

  @AfterEach
  void stop() {
    router.assertClean();
    router.close();
    nats.close();
  }

  @Test
  void takesTwelveOfFiftyAndSaysHowFullItIs() {
    try (WorkerProcess worker = worker(2, 10).env("WORKER_HEARTBEAT_INTERVAL", "200ms").start()) {
      assertThat(worker.metric("worker_queue_rejections_total")).isZero();
      List<String> ids = router.assignAll(slow(2, 48));
      awaitAcks(ids);

      assertThat(worker.metric("worker_queue_depth", CPU)).isEqualTo(10);
      assertThat(worker.metric("worker_queue_capacity", CPU)).isEqualTo(10);
      assertThat(worker.metric("worker_overload_status", CPU)).isEqualTo(3);
      assertThat(worker.metric("worker_queue_rejections_total", CPU, "queue_full")).isEqualTo(38);
      JsonNode metadata =
          awaitHeartbeat(beat -> beat.path("queue_depth").path("cpu").intValue() > 0);
      assertThat(metadata.path("queue_depth").toString()).isEqualTo("{\"io\":0,\"cpu\":10}");
      assertThat(readiness(worker)).contains("\"max_queue_size\":10").contains("critical");
      assertThat(worker.ready()).isTrue();

      List<String> taken = ids.subList(0, 12);
      List<String> refused = ids.subList(12, 50);
      assertThat(taken).allMatch(id -> router.answer(id).ackStatus().equals("accepted"));
      assertThat(taken).extracting(this::ackDepth).endsWith(8, 9, 10);
      assertThat(refused).allMatch(id -> router.answer(id).ackReason().equals("queue_full"));
      WireMessage refusal = router.answer(refused.getLast()).ack().orElseThrow();
      assertThat(refusal.json().path("metadata").path("detail").stringValue(""))
          .isEqualTo("pool cpu has 10 of 10 steps waiting");
      assertThat(refusal.text("overload_status")).isEqualTo("critical");
      assertThat(refusal.headers()).containsEntry("cp_phase", List.of("cp2"));

      router.awaitAll(taken, SOON);
      assertThat(taken).allMatch(id -> router.answer(id).status().equals("success"));
      assertThat(result(ids.get(0)).path("queue_depth").intValue()).isZero();
      assertThat(result(ids.get(0)).path("overload_status").stringValue("")).isEqualTo("critical");
      assertThat(result(ids.get(11)).path("queue_depth").intValue()).isEqualTo(10);
      assertThat(refused).allMatch(id -> router.answer(id).results() == 0);
      await().until(() -> router.streams().unacknowledgedAssignments() == 0);
      await().until(() -> worker.metric("worker_overload_status", CPU) == 0);
      assertThat(worker.metric("worker_queue_wait_seconds_count", CPU)).isEqualTo(12);
      assertThat(worker.metric("worker_step_executions_total", "cp_phase=\"cp2\"")).isEqualTo(12);
      assertThat(worker.stdout())
          .filteredOn(line -> line.contains("Overload status changed"))
          .filteredOn(line -> line.contains("\"new_status\":\"critical\""))
          .hasSize(1);
      worker.awaitLog("\"rejection_reason\":\"queue_full\"", SOON);
    }
  }

  @Test
  void alsoSaysRejectionsInResultsWhenAskedTo() {
    try (WorkerProcess worker =
        worker(1, 1).env("WORKER_QUEUE_RESULT_ON_REJECTION", "true").start()) {
      List<String> ids = router.assignAll(slow(1, 2));

      Answer refused = router.awaitResult(ids.getLast(), SOON);

      assertThat(refused.ackReason()).isEqualTo("queue_full");
      assertOverload(refused.resultJson());
      assertThat(refused.result().orElseThrow().headers())
          .containsEntry("cp_phase", List.of("cp2"));
      await().until(() -> router.streams().unacknowledgedAssignments() == 2);
      assertThat(worker.metric("worker_leases_held")).isEqualTo(2);
      assertThat(worker.metric("worker_step_errors_total", "SYSTEM_OVERLOAD")).isEqualTo(1);
      assertThat(worker.get(worker.managementUri("/actuator/rollout")).body())
          .as("a rejection is no step")
          .contains("\"cp2\":{\"count\":0,\"retried\":0,\"rejections\":1}");
    }
  }

  @Test
  void dropsTheOldestForANewcomer() {
    try (WorkerProcess worker =
        worker(2, 3).env("WORKER_QUEUE_REJECTION_POLICY", "drop_oldest").start()) {
      List<String> running = router.assignAll(slow(2, 0));
      await().until(() -> worker.metric("worker_active_tasks", CPU) == 2);
      List<String> ids = router.assignAll(slow(0, 5));
      awaitAcks(ids);

      assertThat(ids).allMatch(id -> router.answer(id).ackStatus().equals("accepted"));
      for (String dropped : ids.subList(0, 2)) {
        assertOverload(router.awaitResult(dropped, SOON).resultJson());
      }
      assertThat(worker.metric("worker_queue_rejections_total", CPU, "dropped_oldest"))
          .isEqualTo(2);
      worker.awaitLog("\"rejection_reason\":\"dropped_oldest\"", SOON);
      List<String> rest = Stream.of(running, ids.subList(2, 5)).flatMap(List::stream).toList();
      router.awaitAll(rest, SOON);
      assertThat(rest).allMatch(id -> router.answer(id).status().equals("success"));
      assertThat(router.streams().storedResults()).hasSize(7);
    }
  }

  @Test
  void findsRoomForWhatWasAcceptedByAnother() {
    List<String> ids;
    try (WorkerProcess dying =
        worker(1, 10).env(FLAG, "false").env("WORKER_NATS_ACK_WAIT", "3s").start()) {
      ids = router.assignAll(Stream.generate(() -> Assignments.sleep(400)).limit(30).toList());
      awaitAcks(ids);
      assertThat(shown(dying)).isEmpty();
      assertThat(readiness(dying)).doesNotContain("queue");
      dying.kill9();
    }
    try (WorkerProcess worker = worker(2, 10).start()) {
      await().until(() -> worker.metric("worker_queue_depth", CPU) > 10);
      router.awaitAll(ids, SOON);

      assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
      assertThat(ids).allMatch(id -> router.answer(id).ackStatus().equals("accepted"));
      assertThat(worker.metric("worker_redeliveries_total")).isGreaterThan(10);
      assertThat(worker.metric("worker_queue_rejections_total")).isZero();
    }
  }

  @Test
  void isSwitchedWhileStepsWait() {
    try (WorkerProcess worker =
        worker(2, 10).env(FLAG, "false").env("WORKER_HEARTBEAT_INTERVAL", "200ms").start()) {
      FeatureSwitch flags = new FeatureSwitch(worker);
      List<String> before = router.assignAll(slow(2, 20));
      awaitAcks(before);
      assertThat(shown(worker)).isEmpty();

      flags.set(FLAG, true);
      assertThat(shown(worker)).hasSizeGreaterThan(20);
      assertThat(worker.metric("worker_queue_depth", CPU)).isEqualTo(20);
      assertThat(readiness(worker)).contains("\"queue_depth\":20");
      JsonNode metadata = awaitHeartbeat(beat -> beat.has("queue_depth"));
      assertThat(metadata.path("queue_depth").path("cpu").intValue()).isEqualTo(20);
      List<String> during = router.assignAll(slow(0, 5));
      awaitAcks(during);
      assertThat(during).allMatch(id -> router.answer(id).ackReason().equals("queue_full"));

      flags.set(FLAG, false);
      assertThat(shown(worker)).isEmpty();
      assertThat(readiness(worker)).doesNotContain("queue");
      awaitHeartbeat(beat -> !beat.has("queue_depth"));
      List<String> after = router.assignAll(slow(0, 5));
      awaitAcks(after);

      List<String> taken = Stream.of(before, after).flatMap(List::stream).toList();
      router.awaitAll(taken, SOON);
      assertThat(taken).allMatch(id -> phaseOfAnswers(id).equals("cp1"));
      assertThat(taken).allMatch(id -> router.answer(id).status().equals("success"));
    }
  }

  @Test
  void losesRepeatsAndRefusesNothingWhenItIsSwitchedAgainAndAgain() {
    try (WorkerProcess worker = worker(2, 1_000_000).env(FLAG, "false").start()) {
      FeatureSwitch flags = new FeatureSwitch(worker);
      CompletableFuture<Void> switching =
          CompletableFuture.runAsync(
              () -> IntStream.range(0, SWITCHES).forEach(i -> flags.set(FLAG, i % 2 == 0)));
      List<String> ids = new ArrayList<>();
      while (!switching.isDone()) {
        List<String> batch =
            router.assignAll(Stream.generate(() -> Assignments.sleep(1)).limit(50).toList());
        router.awaitAll(batch, SOON);
        ids.addAll(batch);
      }
      switching.join();

      assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
      assertThat(ids).extracting(this::phaseOfAnswers).contains("cp1", "cp2");
      assertThat(worker.metric("worker_step_executions_total")).isEqualTo(ids.size());
      assertThat(router.streams().stored("caf.exec.result.v1")).isEqualTo(ids.size());
      assertThat(router.streams().stored("caf.exec.assign.v1.ack")).isEqualTo(ids.size());
    }
  }

  @Test
  @Tag("long")
  void answersAStormOnAFullQueueInLittleMemory() {
    int storm = 100_000;
    try (WorkerProcess worker = worker(1, 1).jvm("-Xmx128m").start()) {
      List<String> holding =
          router.assignAll(List.of(Assignments.sleep(300_000), Assignments.sleep(1)));
      awaitAcks(holding);
      MemoryCurve memory = new MemoryCurve(worker.pid());
      for (int sent = 0; sent < storm; sent += 5_000) {
        List<String> ids =
            router.assignAll(Stream.generate(Assignments::echo).limit(5_000).toList());
        router.awaitAll(ids, SOON);
        assertThat(ids).allMatch(id -> router.answer(id).ackReason().equals("queue_full"));
        memory.sample();
      }

      memory.assertFlat();
      assertThat(worker.metric("worker_assignments_total", "queue_full")).isEqualTo(storm);
      await().until(() -> router.streams().unacknowledgedAssignments() == 2);
      assertThat(worker.metric("worker_unfinished_assignments")).isEqualTo(2);
      assertThat(worker.log()).doesNotContain("OutOfMemory");
      long lines =
          worker.stdout().stream().filter(line -> line.contains("Queue rejection")).count();
      assertThat(lines).isBetween(1L, 200L);
    }
  }

  private WorkerProcess.Builder worker(int concurrency, int maxQueueSize) {
    return WorkerProcess.of(nats.url())
        .env(FLAG, "true")
        .env("WORKER_POOLS_CPU_CONCURRENCY", String.valueOf(concurrency))
        .env("WORKER_POOLS_CPU_MAX_QUEUE_SIZE", String.valueOf(maxQueueSize));
  }

  /** Steps that hold their slots for the whole test, and then others. */
  private static List<Assignments> slow(int holding, int others) {
    return Stream.concat(
            Stream.generate(() -> Assignments.sleep(LONG_MS)).limit(holding),
            Stream.generate(() -> Assignments.sleep(100)).limit(others))
        .toList();
  }

  private void awaitAcks(List<String> ids) {
    await().until(() -> ids.stream().allMatch(id -> router.answer(id).acks() > 0));
  }

  /** Waits for a heartbeat that comes from now on. */
  private JsonNode awaitHeartbeat(Predicate<JsonNode> metadata) {
    int seen = router.heartbeats().size();
    return await()
        .until(
            () ->
                router.heartbeats().stream()
                    .skip(seen)
                    .map(beat -> beat.json().path("metadata"))
                    .filter(metadata)
                    .findFirst(),
            found -> found.isPresent())
        .orElseThrow();
  }

  private int ackDepth(String id) {
    return router.answer(id).ack().orElseThrow().json().path("queue_depth").intValue(-1);
  }

  private JsonNode result(String id) {
    return router.answer(id).resultJson();
  }

  /** The phase of both answers, which must be the same. */
  private String phaseOfAnswers(String id) {
    Answer answer = router.answer(id);
    String phase = answer.ack().orElseThrow().header("cp_phase").orElseThrow();
    assertThat(answer.result().orElseThrow().header("cp_phase")).hasValue(phase);
    return phase;
  }

  private static void assertOverload(JsonNode result) {
    assertThat(result.path("error_code").stringValue("")).isEqualTo("SYSTEM_OVERLOAD");
    assertThat(result.path("error_type").stringValue("")).isEqualTo("overload_error");
    assertThat(result.path("error").path("retryable").booleanValue()).isTrue();
    assertThat(result.path("retries_used").intValue()).isZero();
    assertThat(result.path("latency_ms").intValue()).isZero();
    assertThat(result.path("overload_status").stringValue("")).isEqualTo("critical");
  }

  /** The samples of queue management in the scrape. */
  private static List<String> shown(WorkerProcess worker) {
    return worker
        .metrics()
        .lines()
        .filter(line -> line.startsWith("worker_queue_") || line.startsWith("worker_overload_"))
        .toList();
  }

  private static String readiness(WorkerProcess worker) {
    return worker.get(worker.managementUri("/actuator/health/readiness")).body();
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(SOON).pollInterval(Duration.ofMillis(100));
  }
}
