package io.beamline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsCluster;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three servers that keep the streams together: any of them may die. */
@Tag("long")
class ClusterIT {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final int STEPS = 100;
  private static final String DEAD_LETTERS = "CAF_EXEC_DLQ_V1";
  private static final int MALFORMED = 10;

  @ParameterizedTest
  @ValueSource(strings = {"reject_new", "hold"})
  void losesNothingWhenTheLeadersOfItsStreamsAreKilled(String policy) {
    try (NatsCluster nats = NatsCluster.start();
        WorkerProcess worker =
            worker(nats)
                .env("CP2_QUEUE_MANAGEMENT_ENABLED", "true")
                .env("WORKER_QUEUE_REJECTION_POLICY", policy)
                .env("WORKER_POOLS_CPU_CONCURRENCY", "8")
                .start();
        RouterStandIn router = RouterStandIn.connect(nats.options(), Subjects.STANDARD)) {
      List<String> ids = new ArrayList<>();
      for (String stream : List.of("CAF_EXEC_ASSIGN_V1", "CAF_EXEC_RESULT_V1")) {
        assign(router, ids);
        NatsServer killed = nats.killLeaderOf(stream, router.connection());
        assign(router, ids);
        killed.restart();
      }

      Awaitility.await("a result of each assignment is stored")
          .atMost(SOON)
          .ignoreExceptions()
          .until(() -> stored(router).containsAll(ids));
      assertThat(stored(router)).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(router.streams().storedResults())
          .allMatch(result -> result.text("status").equals("success"));
      assertThat(router.streams().storedAcks()).hasSize(ids.size());
      assertThat(router.streams().storedDeadLetters()).isEmpty();
      Awaitility.await().atMost(SOON).until(worker::ready);
    }
  }

  /** Its stream has one replica. Nothing else may wait for the server that keeps it. */
  @Test
  void worksOnWhileTheStreamOfDeadLettersIsOffline() throws Exception {
    try (NatsCluster nats = NatsCluster.start();
        RouterStandIn router = RouterStandIn.connect(nats.options(), Subjects.STANDARD)) {
      makeDeadLetterStreamOfOneReplica(router);
      NatsServer killed;
      try (WorkerProcess worker = worker(nats).start()) {
        killed = nats.killLeaderOf(DEAD_LETTERS, router.connection());
        awaitService(router);
        int sessions = sessions(worker);

        publishMalformed(router);
        assertUsualPace(router);

        assertThat(sessions(worker)).isEqualTo(sessions);
        assertThat(worker.ready()).isTrue();
        assertThat(worker.metric("worker_unpublished_dead_letters")).isEqualTo(MALFORMED);
        worker.awaitLog("A message could not be published", SOON);
        assertThat(router.streams().unacknowledgedAssignments()).isEqualTo(MALFORMED);
      }
      try (WorkerProcess newcomer = worker(nats).env("WORKER_NATS_PROVISION", "false").start()) {
        assertThat(newcomer.get(newcomer.managementUri("/actuator/health/readiness")).body())
            .contains("the stream " + DEAD_LETTERS + " of dead letters is out of reach");
        Awaitility.await("the messages are delivered again")
            .atMost(SOON)
            .until(() -> newcomer.metric("worker_unpublished_dead_letters") == MALFORMED);
        router.awaitResult(router.assign(Assignments.echo()), SOON);

        killed.restart();

        Awaitility.await("every message is done with")
            .atMost(SOON)
            .ignoreExceptions()
            .until(() -> router.streams().unacknowledgedAssignments() == 0);
        assertThat(newcomer.metric("worker_unpublished_dead_letters")).isZero();
        assertThat(router.streams().storedDeadLetters())
            .hasSize(MALFORMED)
            .allMatch(letter -> letter.text("reason").equals("malformed"));
        assertThat(sessions(newcomer)).isEqualTo(1);
      }
    }
  }

  private static void makeDeadLetterStreamOfOneReplica(RouterStandIn router) throws Exception {
    router
        .connection()
        .jetStreamManagement()
        .addStream(
            StreamConfiguration.builder()
                .name(DEAD_LETTERS)
                .subjects(Subjects.STANDARD.dlq())
                .storageType(StorageType.File)
                .replicas(1)
                .build());
  }

  /** Waits until the remaining servers have elected leaders, and the worker has a session. */
  private static void awaitService(RouterStandIn router) {
    Assignments step = Assignments.echo();
    Awaitility.await("a step is stored and done")
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> isStored(router, step));
    router.awaitResult(step.id(), SOON);
  }

  private static void publishMalformed(RouterStandIn router) {
    for (int i = 0; i < MALFORMED; i++) {
      router.publish(("no assignment " + i).getBytes(UTF_8), Map.of()).join();
    }
  }

  /** Assigns a step, awaits its answers, and so on, for longer than a session was kept before. */
  private static void assertUsualPace(RouterStandIn router) {
    long end = System.nanoTime() + Duration.ofSeconds(25).toNanos();
    while (System.nanoTime() < end) {
      router.awaitResult(router.assign(Assignments.sleep(100)), Duration.ofSeconds(3));
    }
  }

  private static int sessions(WorkerProcess worker) {
    return (int)
        worker.stdout().stream().filter(line -> line.contains("\"Connected to NATS\"")).count();
  }

  private static WorkerProcess.Builder worker(NatsCluster nats) {
    return WorkerProcess.of(nats.urls())
        .env("WORKER_NATS_REPLICAS", "3")
        .env("WORKER_NATS_ACK_WAIT", "5s");
  }

  /** As a Router does: what is not confirmed is sent again. */
  private static void assign(RouterStandIn router, List<String> ids) {
    for (int i = 0; i < STEPS; i++) {
      Assignments step = Assignments.sleep(20);
      Awaitility.await("the step is stored")
          .atMost(SOON)
          .pollDelay(Duration.ZERO)
          .ignoreExceptions()
          .until(() -> isStored(router, step));
      ids.add(step.id());
    }
  }

  private static boolean isStored(RouterStandIn router, Assignments step)
      throws IOException, JetStreamApiException {
    return router
            .connection()
            .jetStream()
            .publish(Subjects.STANDARD.assign(), step.bytes())
            .getSeqno()
        > 0;
  }

  private static List<String> stored(RouterStandIn router) {
    return router.streams().storedResults().stream()
        .map(WireMessage::json)
        .map(result -> result.path("assignment_id").stringValue(""))
        .toList();
  }
}
