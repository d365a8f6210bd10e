package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FeatureSwitch;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A worker that is told to end loses nothing and leaves its queue to the others at once. */
class DrainIT {

  /** What was handed back is not waited for until its lease of 30 s has passed. */
  private static final Duration BEFORE_ANY_LEASE_ENDS = Duration.ofSeconds(15);

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String READINESS = "/actuator/health/readiness";

  @Test
  void finishesWhatRunsAndHandsBackWhatWaits() {
    try (NatsServer nats = NatsServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url());
        WorkerProcess leaving = worker(nats, "leaving", "25s")) {
      List<String> ids = router.assignAll(steps(2, 6_000, 18, 200));
      Awaitility.await().atMost(SOON).until(() -> leaving.metric("worker_active_tasks") == 2);
      double before = leaving.metric("worker_step_executions_total");
      leaving.sigterm();
      // Its steps run for seconds yet: the probe answers, and says no.
      Awaitility.await()
          .atMost(SOON)
          .until(() -> leaving.status(leaving.managementUri(READINESS)) == 503);
      leaving.sigterm();
      try (WorkerProcess staying = worker(nats, "staying", "25s")) {
        assertThat(leaving.awaitExit(Duration.ofSeconds(10))).isIn(0, 143);
        router.awaitAll(ids, BEFORE_ANY_LEASE_ENDS);
        // What ran when the signal came, two steps or those that followed them by then, is
        // finished.
        assertThat(staying.metric("worker_step_executions_total"))
            .isBetween(16 - before, 18 - before);
        assertThat(staying.metric("worker_redeliveries_total"))
            .isEqualTo(staying.metric("worker_step_executions_total"));
      }
      assertThat(router.streams().storedResults()).hasSize(20);
      router.assertClean();
    }
  }

  @Test
  void handsBackWhatDoesNotFinishInTime() {
    try (NatsServer nats = NatsServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      List<String> ids;
      try (WorkerProcess leaving = worker(nats, "leaving", "1s")) {
        ids =
            List.of(
                router.assign(Assignments.sleep(30_000)),
                router.assign(Assignments.http("http://127.0.0.1:1/").maxAttempts(20)),
                router.assign(Assignments.get("missing").maxAttempts(20)));
        Awaitility.await().atMost(SOON).until(() -> leaving.metric("worker_retries_waiting") == 2);
        leaving.sigterm();
        assertThat(leaving.awaitExit(Duration.ofSeconds(8))).isIn(0, 143);
        assertThat(router.unanswered(ids)).hasSize(3);
      }
      assertThat(router.streams().unacknowledgedAssignments()).isEqualTo(3);
    }
  }

  @Test
  void cancelsWhatWaitsInCoreDelivery() {
    try (NatsServer nats = NatsServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url());
        WorkerProcess leaving =
            WorkerProcess.of(nats.url())
                .env("WORKER_NATS_DELIVERY", "core")
                .env("WORKER_POOLS_CPU_CONCURRENCY", "1")
                .start()) {
      String running = router.assignCore(Assignments.sleep(2_000));
      router.awaitAck(running, SOON);
      String waiting = router.assignCore(Assignments.sleep(2_000));
      router.awaitAck(waiting, SOON);

      leaving.sigterm();

      assertThat(router.awaitResult(waiting, SOON).status()).isEqualTo("cancelled");
      assertThat(router.awaitResult(running, SOON).status()).isEqualTo("success");
      assertThat(leaving.awaitExit(SOON)).isIn(0, 143);
      router.assertClean();
    }
  }

  @Test
  void losesNothingWhenAFlagIsSwitchedWhileItEnds() {
    try (NatsServer nats = NatsServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      List<String> ids;
      try (WorkerProcess leaving = worker(nats, "leaving", "5s")) {
        ids = router.assignAll(steps(20, 300, 40, 20));
        FeatureSwitch flags = new FeatureSwitch(leaving);
        Awaitility.await().atMost(SOON).until(() -> leaving.metric("worker_active_tasks") == 2);
        Thread switching = Thread.ofVirtual().start(() -> switchUntilItEnds(flags));
        leaving.sigterm();
        assertThat(leaving.awaitExit(SOON)).isIn(0, 143);
        assertThat(switching.join(SOON)).isTrue();
        assertThat(leaving.stderr()).isEmpty();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      try (WorkerProcess staying = worker(nats, "staying", "1s")) {
        router.awaitAll(ids, BEFORE_ANY_LEASE_ENDS);
        assertThat(staying.alive()).isTrue();
      }
      assertThat(router.streams().storedResults()).hasSize(60);
      assertThat(router.streams().unacknowledgedAssignments()).isZero();
      router.assertClean();
    }
  }

  private static void switchUntilItEnds(FeatureSwitch flags) {
    try {
      for (boolean on = true; ; on = !on) {
        flags.set("CP2_QUEUE_MANAGEMENT_ENABLED", on);
        flags.set("CP2_ADVANCED_RETRY_ENABLED", on);
      }
    } catch (UncheckedIOException | IllegalStateException e) {
      // The worker takes no more requests: it ends.
    }
  }

  @Test
  void endsWhenToldSoBeforeItIsReady() {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess starting =
            WorkerProcess.of(nats.url()).env("WORKER_ADMIN_PASSWORD", "").launch()) {
      starting.awaitLog("worker.admin.password is not set", Duration.ofMinutes(3));
      starting.sigterm();
      assertThat(starting.awaitExit(Duration.ofMinutes(3))).isIn(0, 1, 143);
      assertThat(starting.stderr()).isEmpty();
    }
  }

  /** Steps that still run when the worker is told to end, and short ones that wait behind them. */
  private static List<Assignments> steps(int running, long ms, int waiting, long shortMs) {
    return Stream.concat(
            Stream.generate(() -> Assignments.sleep(ms)).limit(running),
            Stream.generate(() -> Assignments.sleep(shortMs)).limit(waiting))
        .toList();
  }

  private static WorkerProcess worker(NatsServer nats, String id, String grace) {
    return WorkerProcess.of(nats.url())
        .env("WORKER_ID", id)
        .env("WORKER_SHUTDOWN_GRACE", grace)
        .env("WORKER_POOLS_CPU_CONCURRENCY", "2")
        .start();
  }
}
