package io.beamline.worker;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of the policy hold share: workers with two slots for steps that sleep. */
abstract class HoldScenarios {

  static final String FLAG = "CP2_QUEUE_MANAGEMENT_ENABLED";
  static final String CPU = "resource_pool=\"cpu\"";
  static final int SLOTS = 2;

  NatsServer nats;
  RouterStandIn router;

  @BeforeEach
  void start() {
    nats = NatsServer.start();
    router = RouterStandIn.connect(nats.url());
  }

  @AfterEach
  void stop() {
    router.close();
    nats.close();
  }

  WorkerProcess.Builder worker() {
    return WorkerProcess.of(nats.url())
        .env(FLAG, "true")
        .env("WORKER_QUEUE_REJECTION_POLICY", "hold")
        .env("WORKER_POOLS_CPU_CONCURRENCY", String.valueOf(SLOTS));
  }

  static List<Assignments> sleeps(int count, long ms) {
    return Stream.generate(() -> Assignments.sleep(ms).deadlineMs(600_000)).limit(count).toList();
  }

  /** Whether its slots are full, or were: fast steps leave them free for moments. */
  static boolean isFull(WorkerProcess worker) {
    return worker.metric("worker_active_tasks", CPU) == SLOTS || executed(worker) > 5;
  }

  /** Not the leases: those of results that are not confirmed yet are held too. */
  static double waiting(WorkerProcess worker) {
    return worker.metric("worker_queue_depth", CPU);
  }

  static double executed(WorkerProcess worker) {
    return worker.metric("worker_step_executions_total");
  }
}
