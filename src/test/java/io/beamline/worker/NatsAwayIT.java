package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.MachineStalls;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A server that is absent, goes away, or comes back empty. */
class NatsAwayIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  /** A JVM starts slowly on a busy machine; no promise is about that. */
  private static final Duration STARTED = Duration.ofMinutes(3);

  @Test
  void waitsForAServerThatIsAbsentAtStart() {
    try (NatsServer nats = NatsServer.start()) {
      nats.stop();
      try (WorkerProcess worker = WorkerProcess.of(nats.url()).launch()) {
        awaitWaiting(worker);
        assertThat(worker.ready()).isFalse();

        nats.restart();

        worker.awaitReady();
        try (RouterStandIn router = RouterStandIn.connect(nats.url())) {
          router.awaitResult(router.assign(Assignments.echo()), SOON);
        }
      }
    }
  }

  @Test
  void keepsResultsWhileTheServerIsAway() {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker = worker(nats);
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      List<String> ids =
          router.assignAll(Stream.generate(() -> Assignments.sleep(500)).limit(40).toList());
      Awaitility.await().atMost(SOON).until(() -> router.unanswered(ids).size() < 36);

      nats.kill();
      Awaitility.await().atMost(SOON).until(() -> !worker.ready());
      Awaitility.await()
          .atMost(SOON)
          .until(() -> worker.metric("worker_unpublished_results") >= 10);
      nats.restart();

      worker.awaitReady();
      awaitStored(router, 40);
      assertThat(worker.metric("worker_step_executions_total")).isEqualTo(40);
      assertThat(worker.metric("worker_unpublished_results")).isZero();
      router.assertClean();
    }
  }

  @Test
  void neverAcknowledgesAMessageOfAnotherStream() {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker = worker(nats);
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      List<String> old =
          router.assignAll(Stream.generate(() -> Assignments.sleep(3_000)).limit(4).toList());
      old.forEach(id -> router.awaitAck(id, SOON));

      nats.kill();
      nats.wipeStore();
      // The steps end while nobody listens, so that their acknowledgements are kept.
      Awaitility.await().atMost(SOON).until(() -> worker.metric("worker_unpublished_results") == 4);
      nats.restart();
      router.streams().provision();
      List<String> fresh =
          router.assignAll(Stream.generate(() -> Assignments.sleep(200)).limit(4).toList());

      awaitStored(router, old.size() + fresh.size());
      assertThat(worker.metric("worker_step_executions_total")).isEqualTo(8);
      worker.awaitLog("acknowledgements for the old one are discarded", SOON);
      router.assertClean();
    }
  }

  @Test
  void endsInTimeThoughNobodyTakesItsResults() {
    try (NatsServer nats = NatsServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url());
        MachineStalls stalls = MachineStalls.watch()) {
      List<String> ids;
      try (WorkerProcess leaving = worker(nats)) {
        ids =
            router.assignAll(
                List.of(Assignments.sleep(500), Assignments.sleep(500), Assignments.sleep(60_000)));
        ids.forEach(id -> router.awaitAck(id, SOON));
        nats.kill();
        Awaitility.await()
            .atMost(SOON)
            .until(() -> leaving.metric("worker_unpublished_results") == 2);

        long told = System.nanoTime();
        leaving.sigterm();
        assertThat(leaving.awaitExit(SOON)).isIn(0, 143);

        // The grace of 2 s, 5 s for the last answers, and a little for the rest.
        assertThat(Duration.ofNanos(System.nanoTime() - told))
            .isLessThan(Duration.ofSeconds(12).plus(stalls.longest()));
        assertThat(leaving.log()).contains("Results were not published", "\"results\":2");
      }
      nats.restart();
      assertThat(router.streams().unacknowledgedAssignments()).isEqualTo(3);
    }
  }

  @Test
  void endsWhileItStillWaitsForItsFirstServer() {
    try (NatsServer nats = NatsServer.start()) {
      nats.stop();
      try (WorkerProcess worker = WorkerProcess.of(nats.url()).launch()) {
        awaitWaiting(worker);
        worker.sigterm();
        assertThat(worker.awaitExit(STARTED)).isIn(0, 143);
        assertThat(worker.stderr()).isEmpty();
      }
    }
  }

  /** Until it is wired and only its server is missing: it asks for that while it is wired. */
  private static void awaitWaiting(WorkerProcess worker) {
    worker.awaitLog("NATS cannot be used yet", STARTED);
    Awaitility.await()
        .atMost(STARTED)
        .until(() -> worker.status(worker.managementUri("/actuator/health/liveness")) == 200);
  }

  private static WorkerProcess worker(NatsServer nats) {
    return WorkerProcess.of(nats.url())
        .env("WORKER_POOLS_CPU_CONCURRENCY", "4")
        .env("WORKER_SHUTDOWN_GRACE", "2s")
        .start();
  }

  /** Asks the stream, because the Router may be connected again later than the worker. */
  private static void awaitStored(RouterStandIn router, int results) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(router.streams().storedResults()).hasSize(results));
  }
}
