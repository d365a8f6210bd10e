package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An assignment goes to one worker at a time, however long its step takes. */
class LeaseIT {

  /** Longer than a busy machine stalls, and renewed at each third. */
  private static final String LEASE = "4s";

  private static NatsServer nats;
  private static WorkerProcess one;
  private static WorkerProcess two;

  private RouterStandIn router;
  private double executedBefore;
  private double redeliveredBefore;
  private int storedBefore;

  @BeforeAll
  static void start() {
    nats = NatsServer.start();
    one = worker("one");
    two = worker("two");
  }

  @AfterAll
  static void end() {
    two.close();
    one.close();
    nats.close();
  }

  @BeforeEach
  void connect() {
    router = RouterStandIn.connect(nats.url());
    executedBefore = executions(one) + executions(two);
    redeliveredBefore = redeliveries(one) + redeliveries(two);
    storedBefore = router.streams().storedResults().size();
  }

  @AfterEach
  void disconnect() {
    router.close();
  }

  /** The longest takes more than three leases; the last of the queue has waited about as long. */
  @Test
  void renewsTheLeaseOfLongAndOfQueuedSteps() {
    String longest = router.assign(Assignments.sleep(14_000));
    List<String> queued =
        router.assignAll(Stream.generate(() -> Assignments.sleep(2_000)).limit(21).toList());

    router.awaitAll(queued, Duration.ofSeconds(70));
    router.awaitResult(longest, Duration.ofSeconds(70));

    assertThat(redeliveries(one) + redeliveries(two)).isEqualTo(redeliveredBefore);
    assertDone(22);
  }

  @Test
  void twoWorkersShareTheWorkAndDoNothingTwice() {
    double oneBefore = executions(one);
    double twoBefore = executions(two);
    List<String> ids =
        router.assignAll(Stream.generate(() -> Assignments.sleep(2)).limit(4_000).toList());

    router.awaitAll(ids, Duration.ofSeconds(60));

    assertThat(executions(one)).isGreaterThan(oneBefore);
    assertThat(executions(two)).isGreaterThan(twoBefore);
    assertDone(4_000);
  }

  /** Once each: by the workers' own account, and by what the Router finds. */
  private void assertDone(int steps) {
    assertThat(executions(one) + executions(two) - executedBefore).isEqualTo(steps);
    assertThat(router.streams().storedResults()).hasSize(storedBefore + steps);
    router.assertClean();
  }

  private static WorkerProcess worker(String id) {
    return WorkerProcess.of(nats.url())
        .env("WORKER_ID", id)
        .env("WORKER_NATS_ACK_WAIT", LEASE)
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
