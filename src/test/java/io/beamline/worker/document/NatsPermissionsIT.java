package io.beamline.worker.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.chart.Chart;
import io.beamline.worker.chart.NatsCommands;
import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.CommandProcess;
import io.beamline.worker.support.FeatureSwitch;
import io.beamline.worker.support.NatsPermissions;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.NatsTrace;
import io.beamline.worker.support.Operator;
import io.beamline.worker.support.Redelivery;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Checks that a worker needs the NATS permissions in operations.md and no others. */
class NatsPermissionsIT {

  private static final Document OPERATIONS = Document.read(Path.of("src/docs/operations.md"));
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String SHARED_FLAGS = "worker: {features: {store: nats-kv}}";

  @Test
  void areWhatAWorkerAndItsOperatorNeed() {
    NatsPermissions permissions = NatsPermissions.documented();
    try (NatsServer nats = permissions.start();
        RouterStandIn router = router(nats)) {
      NatsCommands.run(Chart.notes(SHARED_FLAGS), router.connection());
      work(router, worker(nats).env("WORKER_NATS_PROVISION", "false"));
      replay(nats, router);

      permissions.assertNeeded(new NatsTrace(nats.log()), "worker");
      router.assertClean();
    }
  }

  @Test
  void growByTheTableWhereTheWorkerMakesItsStreams() {
    NatsPermissions permissions =
        NatsPermissions.documented().withMoreForTheWorker(cells("`worker.nats.provision: true`"));
    try (NatsServer nats = permissions.start();
        RouterStandIn router = router(nats)) {
      work(router, worker(nats));

      permissions.assertNeeded(new NatsTrace(nats.log()), "worker");
      router.assertClean();
    }
  }

  @Test
  void growByTheSubjectsOfRequests() {
    List<String> more = new ArrayList<>(cells("`worker.nats.provision: true`"));
    more.add("beamline.provider.>");
    NatsPermissions permissions = NatsPermissions.documented().withMoreForTheWorker(more);
    try (NatsServer nats = permissions.start();
        RouterStandIn router = router(nats);
        WorkerProcess worker =
            worker(nats).env("WORKER_BLOCKS_NATS_ALLOWED_SUBJECTS", "beamline.>").start()) {
      router
          .connection()
          .createDispatcher(
              request -> router.connection().publish(request.getReplyTo(), request.getData()))
          .subscribe("beamline.provider.chat");
      assertThat(answerToRequest(router, "beamline.provider.chat").status()).isEqualTo("success");
      assertThat(new NatsTrace(nats.log()).violations()).isEmpty();

      Answer refused = answerToRequest(router, "beamline.other");
      assertThat(refused.errorCode()).isEqualTo("PERMISSION_DENIED");
      assertThat(worker.ready()).isTrue();
      router.assertClean();
    }
  }

  private static Answer answerToRequest(RouterStandIn router, String subject) {
    Assignments step = Assignments.of("nats.request").input("subject", subject);
    return router.awaitResult(router.assign(step.maxAttempts(1)), SOON);
  }

  /**
   * All that a worker does: steps, refusals, dead letters, a change of a flag, a forced state,
   * cancellation.
   */
  private static void work(RouterStandIn router, WorkerProcess.Builder builder) {
    try (WorkerProcess worker = builder.start()) {
      assertThat(router.awaitResult(router.assign(Assignments.echo()), SOON).status())
          .isEqualTo("success");
      assertThat(
              router
                  .awaitResult(router.assign(Assignments.get("absent").maxAttempts(1)), SOON)
                  .status())
          .isEqualTo("error");
      router.publish("no assignment".getBytes(UTF_8), Map.of()).join();
      new FeatureSwitch(worker).set("CP2_ADVANCED_RETRY_ENABLED", true);
      force(worker);
      Awaitility.await()
          .atMost(SOON)
          .until(() -> router.deadLetters().size() == 2 && !router.heartbeats().isEmpty());
      String waiting = router.assign(Assignments.sleep(600_000).deadlineMs(3_600_000));
      router.awaitAck(waiting, SOON);
      suspect(router, worker);
      cancel(router, worker);
      worker.sigterm();
      assertThat(worker.awaitExit(SOON)).isIn(0, 143);
    }
  }

  /** A destination whose state the fleet shares. */
  private static void force(WorkerProcess worker) {
    String open = "{\"destination\": \"http://localhost:80\", \"state\": \"open\"}";
    assertThat(new Operator(worker).post("/actuator/destinations", open).body())
        .contains("\"state\":\"open\"");
  }

  /** An assignment that was delivered three times before. */
  private static void suspect(RouterStandIn router, WorkerProcess worker) {
    Operator operator = new Operator(worker);
    operator.post("/actuator/intake", "{\"paused\": true}");
    Redelivery.awaitNobodyAsks(router.connection(), "CAF_EXEC_ASSIGN_V1", "caf-workers");
    String suspect = router.assign(Assignments.echo());
    Redelivery.of(router.connection(), "CAF_EXEC_ASSIGN_V1", "caf-workers", 3);
    operator.post("/actuator/intake", "{\"paused\": false}");
    assertThat(router.awaitResult(suspect, SOON).status()).isEqualTo("success");
    assertThat(worker.metric("worker_suspects_total", "start=\"recorded\"")).isEqualTo(1);
  }

  /** A request by the worker itself, which it then reads. */
  private static void cancel(RouterStandIn router, WorkerProcess worker) {
    String running = router.assign(Assignments.sleep(600_000).deadlineMs(3_600_000));
    router.awaitAck(running, SOON);
    assertThat(
            new Operator(worker)
                .post("/actuator/assignments/" + running, "{\"cancel\": true}")
                .body())
        .contains("\"published\":true");
    assertThat(router.awaitResult(running, SOON).status()).isEqualTo("cancelled");
  }

  private static void replay(NatsServer nats, RouterStandIn router) {
    String url = NatsPermissions.url(nats, "operator");
    assertThat(CommandProcess.run(url, "--dlq-list").stdout()).contains("2 dead letters");
    assertThat(CommandProcess.run(url, "--dlq-show", "1").exitCode()).isZero();
    CommandProcess replay = CommandProcess.run(url, "--dlq-replay", "--all");
    assertThat(replay.stdout())
        .as("%s %s", replay, new NatsTrace(nats.log()).violations())
        .contains("1 replayed");
    assertThat(router.deadLetters()).hasSize(2);
  }

  /** The code in the second cell of a table's row. */
  private static List<String> cells(String first) {
    String row =
        OPERATIONS
            .text()
            .lines()
            .filter(line -> line.startsWith("| " + first))
            .findFirst()
            .orElseThrow();
    String second = row.split("\\|", -1)[2];
    return Pattern.compile("`([^`]+)`")
        .matcher(second)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static RouterStandIn router(NatsServer nats) {
    Options options = Options.builder().server(NatsPermissions.url(nats, "router")).build();
    return RouterStandIn.connect(options, Subjects.STANDARD);
  }

  private static WorkerProcess.Builder worker(NatsServer nats) {
    return WorkerProcess.of(NatsPermissions.url(nats, "worker"))
        .env("WORKER_FEATURES_STORE", "nats-kv")
        .env("CP2_CANCELLATION_ENABLED", "true")
        .env("WORKER_DLQ_FAILED_STEPS", "true")
        .env("WORKER_SHUTDOWN_GRACE", "0s");
  }
}
