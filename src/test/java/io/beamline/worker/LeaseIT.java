package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a worker holds is given to nobody else, however long it takes. */
class LeaseIT {

  @Test
  void renewsTheLeaseOfLongAndOfQueuedSteps() {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess one = worker(nats, "one");
        WorkerProcess two = worker(nats, "two");
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      String minute = router.assign(Assignments.sleep(60_000));
      List<String> queued =
          router.assignAll(Stream.generate(() -> Assignments.sleep(8_000)).limit(12).toList());

      router.awaitAll(queued, Duration.ofSeconds(70));
      router.awaitResult(minute, Duration.ofSeconds(70));

      assertThat(redeliveries(one) + redeliveries(two)).isZero();
      assertThat(executions(one) + executions(two)).isEqualTo(13);
      assertThat(router.streams().storedResults()).hasSize(13);
      router.assertClean();
    }
  }

  @Test
  void twoWorkersShareTheWorkAndDoNothingTwice() {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess one = worker(nats, "one");
        WorkerProcess two = worker(nats, "two");
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      List<String> ids =
          router.assignAll(Stream.generate(() -> Assignments.sleep(2)).limit(4_000).toList());

      router.awaitAll(ids, Duration.ofSeconds(60));

      assertThat(executions(one)).isPositive();
      assertThat(executions(two)).isPositive();
      assertThat(executions(one) + executions(two)).isEqualTo(4_000);
      assertThat(router.streams().storedResults()).hasSize(4_000);
      router.assertClean();
    }
  }

  private static WorkerProcess worker(NatsServer nats, String id) {
    return WorkerProcess.of(nats.url())
        .env("WORKER_ID", id)
        .env("WORKER_NATS_ACK_WAIT", "5s")
        .env("WORKER_POOLS_CPU_CONCURRENCY", "2")
        .start();
  }

  private static double executions(WorkerProcess worker) {
    return worker.metric("worker_step_executions_total");
  }

  private static double redeliveries(WorkerProcess worker) {
    return worker.metric("worker_redeliveries_total");
  }
}
