package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.chart.Chart;
import io.beamline.worker.chart.NatsCommands;
import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.CommandProcess;
import io.beamline.worker.support.FeatureSwitch;
import io.beamline.worker.support.NatsLeaf;
import io.beamline.worker.support.NatsPermissions;
import io.beamline.worker.support.NatsTrace;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.Connection;
import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Workers at a leaf node that use the JetStream of the hub, where the Router is. They have the
 * documented permissions and no others, and the streams that the chart's notes make.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DomainIT {

  private static final String RETRY = "CP2_ADVANCED_RETRY_ENABLED";
  private static final Duration SOON = Duration.ofSeconds(30);

  /** What was handed back is not waited for until its lease of 30 s has passed. */
  private static final Duration BEFORE_ANY_LEASE_ENDS = Duration.ofSeconds(15);

  private NatsLeaf nats;
  private RouterStandIn router;
  private WorkerProcess one;
  private WorkerProcess other;

  @BeforeAll
  void start() throws Exception {
    nats = NatsLeaf.start(NatsPermissions.documented().inDomain(NatsLeaf.DOMAIN).lines());
    router = RouterStandIn.connect(nats.hub().url());
    makeStreams();
    one = worker("one").launch();
    other = worker("other").launch();
    one.awaitReady();
    other.awaitReady();
  }

  @AfterAll
  void stop() {
    one.close();
    other.close();
    router.close();
    nats.close();
  }

  @Test
  @Order(1)
  void runsStepsOfTheHub() throws Exception {
    List<String> ids = router.assignAll(Stream.generate(Assignments::echo).limit(100).toList());
    router.awaitAll(ids, SOON);

    for (String id : ids) {
      Answer answer = router.answer(id);
      assertThat(answer.status()).isEqualTo("success");
      assertThat(List.of(answer.acks(), answer.results())).containsExactly(1, 1);
    }
    assertThat(router.streams().storedResults()).hasSize(100);
    Awaitility.await().atMost(SOON).until(() -> router.streams().unacknowledgedAssignments() == 0);
    JetStreamOptions leaf = JetStreamOptions.builder().domain("leaf").build();
    assertThat(router.connection().jetStreamManagement(leaf).getStreamNames()).isEmpty();
  }

  @Test
  @Order(2)
  void sharesItsFlagsInABucketOfTheHub() throws Exception {
    new FeatureSwitch(one).set(RETRY, true);
    follows(other, true);
    assertThat(router.connection().keyValue("beamline-worker-features").get(RETRY)).isNotNull();

    new FeatureSwitch(other).putBack(RETRY);
    follows(one, false);
    for (WorkerProcess worker : List.of(one, other)) {
      assertThat(worker.log()).doesNotContain("copy is not complete");
    }
  }

  @Test
  @Order(3)
  void replaysADeadLetterOfTheHub() {
    String failed = router.assign(Assignments.get("absent").maxAttempts(1));
    router.awaitResult(failed, SOON);
    Awaitility.await().atMost(SOON).until(() -> router.deadLetters().size() == 1);

    String replayed = command("--dlq-replay", failed);
    assertThat(replayed).contains("1: replayed as replay-1-");
    String newId = replayed.replaceAll("(?s).*(replay-1-[0-9a-f]+).*", "$1");
    assertThat(router.awaitResult(newId, SOON).status()).isEqualTo("error");
    Awaitility.await().atMost(SOON).until(() -> router.deadLetters().size() == 2);
    assertThat(command("--dlq-list")).contains("2 dead letters, of which 1 were replayed");
  }

  @Test
  @Order(4)
  void handsBackWhatWaitsWhenItDrains() {
    List<String> ids =
        router.assignAll(Stream.generate(() -> Assignments.sleep(200)).limit(60).toList());
    Awaitility.await().atMost(SOON).until(() -> hasMuch(one) || hasMuch(other));
    WorkerProcess leaving = hasMuch(one) ? one : other;
    WorkerProcess staying = leaving == one ? other : one;
    leaving.sigterm();

    assertThat(leaving.awaitExit(SOON)).isIn(0, 143);
    router.awaitAll(ids, BEFORE_ANY_LEASE_ENDS);
    assertThat(staying.metric("worker_redeliveries_total")).isPositive();
    Awaitility.await().atMost(SOON).until(() -> router.streams().unacknowledgedAssignments() == 0);
    router.assertClean();
  }

  @Test
  @Order(5)
  void saysThatTheLinkIsDownAndGoesOnWhenItIsBack() {
    WorkerProcess worker = one.alive() ? one : other;
    nats.hub().kill();
    Awaitility.await()
        .atMost(SOON)
        .until(
            () ->
                worker
                    .get(worker.managementUri("/actuator/health"))
                    .body()
                    .contains("the JetStream domain hub (worker.nats.jetstream-domain)"));
    assertThat(worker.ready()).isFalse();

    nats.hub().restart();
    worker.awaitReady();
    router.awaitServer(SOON);
    assertThat(router.awaitResult(router.assign(Assignments.echo()), SOON).status())
        .isEqualTo("success");
  }

  @Test
  @Order(6)
  void needsTheDocumentedPermissionsOnly() {
    assertThat(new NatsTrace(nats.leaf().log()).violations()).isEmpty();
  }

  private void makeStreams() throws Exception {
    String values =
        "worker: {nats: {jetstreamDomain: " + NatsLeaf.DOMAIN + "}, features: {store: nats-kv}}";
    try (Connection admin = Nats.connect(NatsPermissions.url(nats.leaf(), "router"))) {
      NatsCommands.run(Chart.notes(values), admin);
    }
  }

  private WorkerProcess.Builder worker(String id) {
    return WorkerProcess.of(NatsPermissions.url(nats.leaf(), "worker"))
        .env("WORKER_NATS_PROVISION", "false")
        .env("WORKER_ID", id)
        .env("WORKER_NATS_JETSTREAM_DOMAIN", NatsLeaf.DOMAIN)
        .env("WORKER_FEATURES_STORE", "nats-kv")
        .env("WORKER_DLQ_FAILED_STEPS", "true")
        .env("WORKER_POOLS_CPU_CONCURRENCY", "2");
  }

  /** Whether steps wait for a slot, and will still do so a moment later. */
  private static boolean hasMuch(WorkerProcess worker) {
    return worker.metric("worker_unfinished_assignments") >= 15;
  }

  private static void follows(WorkerProcess worker, boolean on) {
    Awaitility.await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () ->
                worker.metric("worker_feature_enabled", "feature=\"" + RETRY + "\"")
                    == (on ? 1 : 0));
  }

  /** Returns the output of a command that an operator runs at the leaf node. */
  private String command(String command, String... words) {
    String[] arguments =
        Stream.concat(
                Stream.of("--worker.nats.jetstream-domain=" + NatsLeaf.DOMAIN, command),
                Stream.of(words))
            .toArray(String[]::new);
    CommandProcess done =
        CommandProcess.run(NatsPermissions.url(nats.leaf(), "operator"), arguments);
    assertThat(done.stderr()).isEmpty();
    assertThat(done.exitCode()).isZero();
    return done.stdout();
  }
}
