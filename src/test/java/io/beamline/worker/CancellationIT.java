package io.beamline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.CommandProcess;
import io.beamline.worker.support.FeatureSwitch;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.Operator;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Assignments are cancelled on request, wherever they are, and nobody else's are. */
class CancellationIT {

  private static final String FLAG = "CP2_CANCELLATION_ENABLED";
  private static final String SUBJECT = "caf.exec.cancel.v1";
  private static final String TOTAL = "worker_cancellations_total";
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final JsonMapper JSON = JsonMapper.builder().build();

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

  @Test
  void endsStepsInEachStageAndOnlyThoseThatAreMeant() throws Exception {
    try (WorkerProcess worker =
            worker("one").env(FLAG, "true").env("CP2_ADVANCED_RETRY_ENABLED", "true").start();
        MisbehavingHttpServer server = MisbehavingHttpServer.start().mute()) {
      Operator operator = new Operator(worker);
      String running = router.assign(Assignments.sleep(600_000).deadlineMs(3_600_000));
      await(() -> worker.metric("worker_active_tasks") == 1);
      String queued = router.assign(Assignments.sleep(600_000).deadlineMs(3_600_000));
      String http = router.assign(Assignments.http(server.url("/hang")).deadlineMs(3_600_000));
      String waiting =
          router.assign(
              Assignments.http("http://127.0.0.1:1/").backoffMs(60_000).deadlineMs(3_600_000));
      await(() -> server.open() == 1);
      await(() -> worker.metric("worker_retries_waiting") == 1);
      assertShown(operator, running, queued, http, waiting);

      cancel("not-theirs", "assignment_id", running);
      publish("{\"version\": \"1\"}");
      await(() -> worker.metric(TOTAL, "stage=\"malformed\"") == 1);
      assertThat(router.unanswered(List.of(running, queued, http, waiting))).hasSize(4);

      cancel("tenant-a", "assignment_id", queued);
      cancel("tenant-a", "assignment_id", waiting);
      cancel("tenant-a", "assignment_id", http);
      cancel("tenant-a", "assignment_id", running);

      assertCancelled(queued, "queued", "none");
      assertCancelled(waiting, "waiting", "unknown");
      assertCancelled(http, "running", "unknown");
      assertCancelled(running, "running", "none");
      cancel("tenant-a", "assignment_id", running);
      await(() -> server.open() == 0);
      await(() -> worker.metric("worker_unfinished_assignments") == 0);
      assertThat(worker.metric("worker_active_tasks")).isZero();
      for (String stage : List.of("queued", "waiting")) {
        assertThat(worker.metric(TOTAL, "stage=\"" + stage + "\"")).isEqualTo(1);
      }
      assertThat(worker.metric(TOTAL, "stage=\"running\"")).isEqualTo(2);
      await(() -> worker.metric(TOTAL, "stage=\"too_late\"") == 1);
      assertThat(worker.metric("worker_cancellation_seconds_count")).isEqualTo(4);

      // Before the assignment: by the endpoint, by the command line, and for a run.
      String early = "early-" + UUID.randomUUID();
      String path = "/actuator/assignments/" + early;
      assertThat(operator.postAnonymously(path, "{\"cancel\": true}").statusCode()).isEqualTo(401);
      assertThat(operator.post(path, "{\"cancel\": true}").statusCode()).isEqualTo(404);
      assertThat(operator.post(path, "{\"cancel\": false}").statusCode()).isEqualTo(400);
      assertThat(
              operator
                  .post(
                      path, "{\"cancel\": true, \"tenant_id\": \"tenant-a\", \"reason\": \"why\"}")
                  .body())
          .contains("\"published\":true", "\"enabled\":true");
      String byCommand = "early-" + UUID.randomUUID();
      CommandProcess command =
          CommandProcess.run(
              nats.url(), "--cancel", byCommand, "--tenant", "tenant-a", "--reason", "by hand");
      assertThat(command.exitCode()).as(command.toString()).isZero();
      assertThat(command.stdout()).contains(byCommand);
      Answer first = router.awaitResult(router.assign(Assignments.echo().id(early)), SOON);
      assertThat(details(first).path("stage").stringValue("")).isEqualTo("undelivered");
      assertThat(details(first).path("reason").stringValue("")).isEqualTo("why");
      assertThat(details(first).path("requested_by").stringValue("")).isEqualTo("admin");
      assertThat(first.ackStatus()).isEqualTo("accepted");
      Answer second = router.awaitResult(router.assign(Assignments.echo().id(byCommand)), SOON);
      assertThat(details(second).path("reason").stringValue("")).isEqualTo("by hand");
      assertThat(router.awaitResult(router.assign(Assignments.echo()), SOON).status())
          .isEqualTo("success");
      assertThat(worker.stderr()).isEmpty();
    }
  }

  @Test
  @Tag("long")
  void endsAWholeRunAndLeavesNoTemporaryFile() throws Exception {
    try (WorkerProcess worker = worker("one").env(FLAG, "true").start()) {
      String run = UUID.randomUUID().toString();
      String other = router.assign(Assignments.sleep(1_500));
      await(() -> worker.metric("worker_active_tasks") == 1);
      List<Assignments> steps =
          Stream.concat(
                  IntStream.range(0, 1_000).mapToObj(i -> Assignments.sleep(600_000)),
                  IntStream.range(0, 20)
                      .mapToObj(i -> Assignments.put("f" + i, "x".repeat(400_000))))
              .toList();
      steps.forEach(step -> step.correlated().json().withObject("correlation").put("run_id", run));
      List<String> ids = router.assignAll(steps);
      cancel("tenant-a", "run_id", run);
      router.awaitAll(ids, SOON);
      assertThat(ids)
          .filteredOn(id -> router.answer(id).status().equals("cancelled"))
          .hasSizeGreaterThanOrEqualTo(1_000);
      assertThat(router.awaitResult(other, SOON).status()).isEqualTo("success");
      await(() -> worker.metric("worker_unfinished_assignments") == 0);
      await(() -> temporaryFiles(worker.folder()).isEmpty());
      assertThat(router.streams().storedResults()).hasSize(ids.size() + 1);
    }
  }

  @Test
  @Tag("long")
  void isRememberedWhileNatsIsAwayAfterARestartAndInADrain() {
    String running;
    try (WorkerProcess worker =
        worker("one").env(FLAG, "true").env("WORKER_SHUTDOWN_GRACE", "20s").start()) {
      running = router.assign(Assignments.sleep(600_000).deadlineMs(3_600_000));
      await(() -> worker.metric("worker_active_tasks") == 1);
      nats.stop();
      worker.awaitLog("Connection to NATS lost", SOON);
      nats.restart();
      router.awaitServer(SOON);
      cancel("tenant-a", "assignment_id", running);
      assertThat(router.awaitResult(running, Duration.ofSeconds(30)).status())
          .isEqualTo("cancelled");

      String draining = router.assign(Assignments.sleep(600_000).deadlineMs(3_600_000));
      await(() -> worker.metric("worker_active_tasks") == 1);
      worker.sigterm();
      worker.awaitLog("Draining", SOON);
      cancel("tenant-a", "assignment_id", draining);
      assertThat(router.awaitResult(draining, SOON).status()).isEqualTo("cancelled");
      assertThat(worker.awaitExit(SOON)).isIn(0, 143);
    }
    String later = "later-" + UUID.randomUUID();
    cancel("tenant-a", "assignment_id", later);
    String id = router.assign(Assignments.echo().id(later));
    try (WorkerProcess again = worker("two").env(FLAG, "true").start()) {
      Answer answer = router.awaitResult(id, SOON);
      assertThat(answer.status()).isEqualTo("cancelled");
      assertThat(details(answer).path("stage").stringValue("")).isEqualTo("undelivered");
      assertThat(details(answer).path("effect").stringValue("")).isEqualTo("none");
      assertThat(again.metric("worker_step_executions_total")).isEqualTo(1);
    }
  }

  @Test
  void followsItsFlag() {
    try (WorkerProcess worker = worker("one").start()) {
      FeatureSwitch flags = new FeatureSwitch(worker);
      String ignored = router.assign(Assignments.sleep(2_000));
      await(() -> worker.metric("worker_active_tasks") == 1);
      String remembered = "remembered-" + UUID.randomUUID();
      await(() -> router.streams().stored(SUBJECT) == 0 && hasStream());
      cancel("tenant-a", "assignment_id", ignored);
      cancel("tenant-a", "assignment_id", remembered);

      flags.set(FLAG, true);

      assertThat(router.awaitResult(ignored, SOON).status()).isEqualTo("success");
      assertThat(
              router.awaitResult(router.assign(Assignments.echo().id(remembered)), SOON).status())
          .isEqualTo("cancelled");
      String running = router.assign(Assignments.sleep(600_000).deadlineMs(3_600_000));
      await(() -> worker.metric("worker_active_tasks") == 1);
      cancel("tenant-a", "assignment_id", running);
      assertThat(router.awaitResult(running, SOON).status()).isEqualTo("cancelled");

      flags.set(FLAG, false);
      String late = router.assign(Assignments.sleep(1_000));
      await(() -> worker.metric("worker_active_tasks") == 1);
      cancel("tenant-a", "assignment_id", late);
      assertThat(router.awaitResult(late, SOON).status()).isEqualTo("success");
      assertThat(worker.metric(TOTAL, "stage=\"running\"")).isEqualTo(1);
      assertThat(
              JSON.readTree(worker.get(worker.managementUri("/actuator/rollout")).body())
                  .at("/flags/" + FLAG + "/verdict")
                  .stringValue(""))
          .isEqualTo("off");
    }
  }

  @Test
  @Tag("long")
  void worksWithCoreDeliveryAndGoesOnWithoutItsStream() {
    try (WorkerProcess core =
        worker("core").env(FLAG, "true").env("WORKER_NATS_DELIVERY", "core").start()) {
      String running = router.assignCore(Assignments.sleep(600_000).deadlineMs(3_600_000));
      await(() -> core.metric("worker_active_tasks") == 1);
      router.connection().publish(SUBJECT, request("tenant-a", "assignment_id", running));
      assertThat(router.awaitResult(running, SOON).status()).isEqualTo("cancelled");
    }
    router.streams().provision();
    provisionConsumer();
    try (WorkerProcess without =
        worker("without").env(FLAG, "true").env("WORKER_NATS_PROVISION", "false").start()) {
      without.awaitLog("Cancellation is not available", SOON);
      assertThat(router.awaitResult(router.assign(Assignments.echo()), SOON).status())
          .isEqualTo("success");
      assertThat(without.ready()).isTrue();
      assertThat(
              new Operator(without)
                  .post("/actuator/assignments/x", "{\"cancel\":true,\"tenant_id\":\"t\"}")
                  .statusCode())
          .isEqualTo(503);
    }
  }

  private void assertShown(
      Operator operator, String running, String queued, String http, String waiting) {
    JsonNode all = JSON.readTree(operator.get("/actuator/assignments").body());
    assertThat(all.path("count").intValue()).isEqualTo(4);
    assertThat(
            all.path("assignments")
                .valueStream()
                .map(
                    one ->
                        one.path("assignment_id").stringValue("")
                            + one.path("stage").stringValue(""))
                .toList())
        .containsExactlyInAnyOrder(
            running + "running", queued + "queued", http + "running", waiting + "waiting");
    assertThat(all.path("assignments").path(0).path("assignment_id").stringValue(""))
        .isEqualTo(running);
    JsonNode ofType =
        JSON.readTree(
            operator
                .get("/actuator/assignments?step_type=http.request&tenant_id=tenant-a&limit=1")
                .body());
    assertThat(ofType.path("assignments").path(0).path("destination").stringValue(""))
        .startsWith("http://localhost:");
    assertThat(ofType.toString()).doesNotContain("hang");
    assertThat(
            JSON.readTree(operator.get("/actuator/assignments?tenant_id=other").body())
                .path("count")
                .intValue())
        .isZero();
    assertThat(operator.get("/actuator/assignments?limit=1001").statusCode()).isEqualTo(400);
    assertThat(operator.get("/actuator/assignments?stage=gone").statusCode()).isEqualTo(400);
  }

  private void assertCancelled(String id, String stage, String effect) {
    Answer answer = router.awaitResult(id, SOON);
    assertThat(answer.status()).isEqualTo("cancelled");
    assertThat(answer.errorCode()).isEqualTo("CANCELLED_BY_USER");
    assertThat(answer.resultJson().at("/error/retryable").booleanValue(true)).isFalse();
    assertThat(details(answer).propertyStream().map(Map.Entry::getKey).toList())
        .containsExactly("reason", "requested_by", "stage", "effect");
    assertThat(details(answer).path("stage").stringValue("")).isEqualTo(stage);
    assertThat(details(answer).path("effect").stringValue("")).isEqualTo(effect);
    assertThat(answer.results()).isEqualTo(1);
  }

  private static JsonNode details(Answer answer) {
    return answer.resultJson().at("/error/details");
  }

  private void cancel(String tenant, String kind, String id) {
    publish(new String(request(tenant, kind, id), UTF_8));
  }

  private void publish(String json) {
    try {
      router.connection().jetStream().publish(SUBJECT, json.getBytes(UTF_8));
    } catch (IOException | JetStreamApiException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] request(String tenant, String kind, String id) {
    return """
        {"version": "1", "tenant_id": "%s", "%s": "%s", "reason": "a test", "requested_by": "me"}
        """
        .formatted(tenant, kind, id)
        .getBytes(UTF_8);
  }

  private boolean hasStream() {
    try {
      return router
              .connection()
              .jetStreamManagement()
              .getStreamInfo("CAF_EXEC_CANCEL_V1")
              .getConfiguration()
              .getRetentionPolicy()
          == RetentionPolicy.Limits;
    } catch (IOException | JetStreamApiException e) {
      return false;
    }
  }

  private void provisionConsumer() {
    try {
      StreamConfiguration stream =
          router.connection().jetStreamManagement().getStreamInfo("ASSIGNMENTS").getConfiguration();
      router
          .connection()
          .jetStreamManagement()
          .addOrUpdateConsumer(
              stream.getName(),
              ConsumerConfiguration.builder()
                  .durable("caf-workers")
                  .ackPolicy(AckPolicy.Explicit)
                  .build());
    } catch (IOException | JetStreamApiException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Path> temporaryFiles(Path folder) {
    Path data = folder.resolve("data");
    if (!Files.isDirectory(data)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(data)) {
      return files.filter(file -> file.getFileName().toString().startsWith(".")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private WorkerProcess.Builder worker(String id) {
    return WorkerProcess.of(nats.url())
        .env("WORKER_ID", id)
        .env("WORKER_POOLS_CPU_CONCURRENCY", "1")
        .env("WORKER_POOLS_IO_CONCURRENCY", "4");
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(SOON).pollInterval(20, TimeUnit.MILLISECONDS).until(condition);
  }
}
