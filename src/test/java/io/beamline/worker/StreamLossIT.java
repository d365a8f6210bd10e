package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Somebody deletes the consumer, or the whole stream of assignments, under a running worker. */
class StreamLossIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String ASSIGN = "caf.exec.assign.v1";
  private static final String DURABLE = "caf-workers";

  @Test
  void makesAgainWhatWasDeleted() throws Exception {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker = worker(nats).start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      JetStreamManagement management = router.connection().jetStreamManagement();

      management.deleteConsumer(stream(management), DURABLE);
      router.awaitResult(router.assign(Assignments.echo()), SOON);

      String old = router.assign(Assignments.sleep(4_000));
      router.awaitAck(old, SOON);
      management.deleteStream(stream(management));
      Awaitility.await().atMost(SOON).until(() -> !management.getStreamNames(ASSIGN).isEmpty());
      List<String> fresh =
          router.assignAll(Stream.generate(() -> Assignments.sleep(4_000)).limit(3).toList());
      router.awaitResult(old, SOON);
      worker.awaitLog("acknowledgements for the old one are discarded", SOON);
      // Counted first: what is unanswered later was unanswered then.
      long stored = router.streams().unacknowledgedAssignments();
      assertThat(stored).isGreaterThanOrEqualTo(router.unanswered(fresh).size());

      router.awaitAll(fresh, SOON);
      Awaitility.await()
          .atMost(SOON)
          .until(() -> router.streams().unacknowledgedAssignments() == 0);
      assertThat(router.streams().storedResults()).hasSize(5);
      assertThat(worker.metric("worker_step_executions_total")).isEqualTo(5);
      router.assertClean();
    }
  }

  @Test
  void saysWhatIsMissingAndServesWhenAnOperatorHasMadeIt() throws Exception {
    try (NatsServer nats = NatsServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      JetStreamManagement management = router.connection().jetStreamManagement();
      router.streams().provision();
      makeConsumer(management);
      try (WorkerProcess worker = worker(nats).env("WORKER_NATS_PROVISION", "false").start()) {
        management.deleteConsumer(stream(management), DURABLE);
        saysThatItIsNotReady(worker, "the stream ASSIGNMENTS has no consumer " + DURABLE);
        makeConsumer(management);
        worker.awaitReady();
        router.awaitResult(router.assign(Assignments.echo()), SOON);

        management.deleteStream(stream(management));
        saysThatItIsNotReady(worker, "no stream holds the subject " + ASSIGN);
        assertThat(management.getStreamNames(ASSIGN)).isEmpty();
        router.streams().provision();
        makeConsumer(management);
        worker.awaitReady();
        router.awaitResult(router.assign(Assignments.echo()), SOON);

        assertThat(worker.status(worker.managementUri("/actuator/health/liveness"))).isEqualTo(200);
        router.assertClean();
      }
    }
  }

  /** In the log, and to whoever asks its readiness. */
  private static void saysThatItIsNotReady(WorkerProcess worker, String cause) {
    worker.awaitLog(cause, SOON);
    Awaitility.await()
        .atMost(SOON)
        .until(
            () ->
                worker
                    .get(worker.managementUri("/actuator/health/readiness"))
                    .body()
                    .contains(cause));
    assertThat(worker.ready()).isFalse();
  }

  private static String stream(JetStreamManagement management) throws Exception {
    return management.getStreamNames(ASSIGN).getFirst();
  }

  private static void makeConsumer(JetStreamManagement management) throws Exception {
    management.addOrUpdateConsumer(
        stream(management),
        ConsumerConfiguration.builder()
            .durable(DURABLE)
            .filterSubject(ASSIGN)
            .ackPolicy(AckPolicy.Explicit)
            .maxAckPending(20_000)
            .build());
  }

  private static WorkerProcess.Builder worker(NatsServer nats) {
    return WorkerProcess.of(nats.url()).env("WORKER_POOLS_CPU_CONCURRENCY", "4");
  }
}
