package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.Operator;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A worker that is paused leaves the work to the others, and nothing is lost or done twice. */
class PauseIT {

  /**
   * Longer than a lease: what the server has on its way in the moment of the pause it gives to
   * another at once, but where it believes it delivered, after the lease.
   */
  private static final Duration SOON = Duration.ofSeconds(60);

  private static final String INTAKE = "/actuator/intake";
  private static final String PAUSE = "{\"paused\": true}";
  private static final String EXECUTIONS = "worker_step_executions_total";

  private final List<String> ids = new ArrayList<>();
  private NatsServer nats;
  private RouterStandIn router;
  private boolean core;

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
  void leavesTheWorkToTheOthersUntilItsTimeIsUp() {
    router.streams().provision();
    try (WorkerProcess paused = worker("paused", "jetstream");
        WorkerProcess other = worker("other", "jetstream")) {
      Operator operator = new Operator(paused);
      assertThat(operator.postAnonymously(INTAKE, PAUSE).statusCode()).isEqualTo(401);
      assertThat(operator.post(INTAKE, "{\"paused\": 1}").statusCode()).isEqualTo(400);
      assign(200, 100);
      Awaitility.await().atMost(SOON).until(() -> paused.metric("worker_active_tasks") == 2);

      assertThat(operator.post(INTAKE, PAUSE).statusCode()).isEqualTo(200);
      double taken = awaitLeft(paused);
      assertThat(assign(200, 10)).allMatch(id -> by(id).equals("other"));
      router.awaitAll(ids, SOON);
      assertThat(taken(paused)).isEqualTo(taken).isEqualTo(paused.metric(EXECUTIONS));
      assertShown(paused);

      Instant until = Instant.now().plusSeconds(5);
      operator.post(INTAKE, "{\"paused\": true, \"until\": \"" + until + "\"}");
      assertThat(operator.get(INTAKE).body()).contains("\"until\":\"" + until + "\"", "admin");
      paused.awaitLog("its time was up", SOON);
      assertThat(Instant.now()).isAfterOrEqualTo(until);
      awaitBack();

      assertAllOnce(paused, other);
      assertThat(router.streams().unacknowledgedAssignments()).isZero();
      assertThat(router.streams().storedResults()).hasSize(ids.size());
      assertThat(paused.metric("worker_intake_paused")).isZero();
    }
  }

  @Test
  void leavesTheQueueGroupInCoreDeliveryAndEndsInThePause() {
    core = true;
    try (WorkerProcess paused = worker("paused", "core");
        WorkerProcess other = worker("other", "core")) {
      Operator operator = new Operator(paused);
      assign(200, 20);
      operator.post(INTAKE, PAUSE);
      double taken = awaitLeft(paused);
      assertThat(assign(200, 5)).allMatch(id -> by(id).equals("other"));
      assertThat(taken(paused)).isEqualTo(taken);

      operator.post(INTAKE, "{\"paused\": false}");
      awaitBack();
      assertAllOnce(paused, other);

      operator.post(INTAKE, PAUSE);
      paused.sigterm();
      assertThat(paused.awaitExit(SOON)).isIn(0, 143);
      assertThat(paused.stderr()).isEmpty();
    }
  }

  /** Waits until the other takes everything. Returns what the paused worker has taken. */
  private double awaitLeft(WorkerProcess paused) {
    Awaitility.await()
        .atMost(SOON)
        .until(() -> assign(20, 1).stream().allMatch(id -> by(id).equals("other")));
    return taken(paused);
  }

  /** Waits until the worker that was paused takes its share again. */
  private void awaitBack() {
    Awaitility.await()
        .atMost(SOON)
        .until(() -> assign(20, 1).stream().anyMatch(id -> by(id).equals("paused")));
  }

  private void assertAllOnce(WorkerProcess paused, WorkerProcess other) {
    router.awaitAll(ids, SOON);
    assertThat(ids).allMatch(id -> router.answer(id).results() == 1);
    assertThat(paused.metric(EXECUTIONS) + other.metric(EXECUTIONS)).isEqualTo(ids.size());
    assertThat(paused.stderr()).isEmpty();
  }

  private void assertShown(WorkerProcess paused) {
    assertThat(paused.ready()).isTrue();
    assertThat(paused.status(paused.managementUri("/actuator/health/liveness"))).isEqualTo(200);
    assertThat(paused.get(paused.managementUri("/actuator/health/readiness")).body())
        .contains("\"pause\":{\"details\":{\"paused\":true}");
    assertThat(paused.metric("worker_intake_paused")).isEqualTo(1);
    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(lastHeartbeats())
                    .hasEntrySatisfying(
                        "paused", beat -> assertThat(beat).hasToString("{\"paused\":true}"))
                    .hasEntrySatisfying(
                        "other", beat -> assertThat(beat.isMissingNode()).isTrue()));
  }

  /** What each worker's last heartbeat says of its intake. */
  private Map<String, JsonNode> lastHeartbeats() {
    return router.heartbeats().stream()
        .collect(
            Collectors.toMap(
                beat -> beat.text("worker_id"),
                beat -> beat.json().path("metadata").path("intake"),
                (earlier, later) -> later));
  }

  private static double taken(WorkerProcess worker) {
    return worker.metric("worker_assignments_total", "ack_status=\"accepted\"");
  }

  /** The worker that took an assignment. */
  private String by(String id) {
    return router
        .awaitAck(id, SOON)
        .ack()
        .map(ack -> ack.json().path("metadata").path("worker_id").stringValue(""))
        .orElseThrow();
  }

  private List<String> assign(int count, long ms) {
    List<Assignments> steps = Stream.generate(() -> Assignments.sleep(ms)).limit(count).toList();
    List<String> assigned =
        core ? steps.stream().map(router::assignCore).toList() : router.assignAll(steps);
    ids.addAll(assigned);
    return assigned;
  }

  private WorkerProcess worker(String id, String delivery) {
    return WorkerProcess.of(nats.url())
        .env("WORKER_ID", id)
        .env("WORKER_NATS_DELIVERY", delivery)
        .env("WORKER_POOLS_CPU_CONCURRENCY", "2")
        .env("WORKER_HEARTBEAT_INTERVAL", "500ms")
        .start();
  }
}
