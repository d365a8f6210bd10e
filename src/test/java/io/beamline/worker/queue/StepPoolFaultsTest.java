package io.beamline.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.config.QueueProperties;
import io.beamline.worker.config.QueueProperties.RejectionPolicy;
import io.beamline.worker.config.QueueProperties.Thresholds;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.execution.AttemptQueue;
import io.beamline.worker.execution.DeadlineWatch;
import io.beamline.worker.execution.Drain;
import io.beamline.worker.execution.Place;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepEnd;
import io.beamline.worker.execution.StepExecution;
import io.beamline.worker.execution.WaitingRoom;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.observability.metrics.QueueMetrics.Rejection;
import io.beamline.worker.result.Answers;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.WorkerSlice;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.IntSupplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What fails around a pool: whatever it is, the lease is let go once, and the slot is free for the
 * next step. Everything but the fault is real.
 */
class StepPoolFaultsTest {

  private static final AttemptQueue FAILING_QUEUE =
      step -> {
        throw new IllegalStateException("made by the test");
      };

  private static NatsServer nats;
  private static LeaseEnds leases;

  private final Set<String> failing = ConcurrentHashMap.newKeySet();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final List<Step> steps = new ArrayList<>();
  private final FaultyObserver observer = new FaultyObserver();
  private WorkerSlice worker;
  private StepPool pool;
  private StepPools pools;

  @BeforeAll
  static void start() {
    nats = NatsServer.start();
    leases = new LeaseEnds(nats);
  }

  @AfterAll
  static void stop() {
    leases.close();
    nats.close();
  }

  @BeforeEach
  void wire() {
    worker =
        WorkerSlice.upTo(
            "execution",
            nats.url(),
            ScriptedBlock.of(this::work),
            "worker.retry.max-waiting=1",
            "worker.shutdown.grace=50ms");
    await().until(() -> worker.session() != null);
    use(RejectionPolicy.REJECT_NEW, false);
  }

  @AfterEach
  void close() {
    gate.countDown();
    pools.interruptRunning();
    worker.close();
    assertThat(steps).allMatch(step -> leases.ends(step.assignment().assignmentId()) == 1);
  }

  @Test
  void aHookThatFailsAtTheStartOfAStep() {
    observer.failing.add("started");
    Step step = accepted(step());
    assertThat(pools.submit(step)).isTrue();

    assertHandedBackOnce(step);
    assertSlotIsFree();
  }

  @Test
  void aHookThatFailsWhenTheDepthChanges() {
    observer.failing.add("queueChanged");
    Step step = accepted(step());
    gate.countDown();
    assertThat(pools.submit(step)).isTrue();

    assertAcknowledgedOnce(step);
    assertSlotIsFree();
  }

  @Test
  void aHookThatFailsAtARejection() {
    use(RejectionPolicy.REJECT_NEW, true);
    List<Step> full = fill();
    observer.failing.add("rejected");
    Step step = step();
    assertThatThrownBy(() -> pools.submit(step)).hasMessage("rejected");

    assertAcknowledgedOnce(step);
    gate.countDown();
    full.forEach(StepPoolFaultsTest::assertAcknowledgedOnce);
    assertSlotIsFree();
  }

  @Test
  void aHookThatFailsWhenTheOldestIsDropped() {
    use(RejectionPolicy.DROP_OLDEST, true);
    List<Step> full = fill();
    observer.failing.add("rejected");
    Step newcomer = accepted(step());
    assertThatThrownBy(() -> pools.submit(newcomer)).hasMessage("rejected");

    assertAcknowledgedOnce(full.getLast());
    assertHandedBackOnce(newcomer);
    gate.countDown();
    assertAcknowledgedOnce(full.getFirst());
    assertSlotIsFree();
  }

  @Test
  void theOldestThatIsDropped() {
    use(RejectionPolicy.DROP_OLDEST, true);
    List<Step> full = fill();
    Step newcomer = accepted(step());
    assertThat(pools.submit(newcomer)).isTrue();

    assertAcknowledgedOnce(full.getLast());
    gate.countDown();
    assertAcknowledgedOnce(full.getFirst());
    assertAcknowledgedOnce(newcomer);
    assertSlotIsFree();
  }

  @Test
  void aPoolThatIsShutDown() {
    pools.interruptRunning();
    Step step = step();
    assertThat(pools.submit(step)).isFalse();

    assertHandedBackOnce(step);
    assertThat(pool.inside()).isZero();
  }

  @Test
  void aQueueThatFailsAfterAWait() {
    Step step = accepted(step());
    fail(step, FAILING_QUEUE);

    assertHandedBackOnce(step);
    assertThat(worker.bean(WaitingRoom.class).size()).isZero();
  }

  @Test
  void aQueueThatFailsAfterAWaitInTheSlot() {
    Step inTheRoom = accepted(step(60_000));
    fail(inTheRoom, pools);
    Step step = accepted(step());
    fail(step, FAILING_QUEUE);

    assertAcknowledgedOnce(step);
    worker.bean(StepEnd.class).handBack(inTheRoom);
    assertHandedBackOnce(inTheRoom);
    assertThat(worker.bean(WaitingRoom.class).size()).isZero();
  }

  @Test
  void aTimerThatRefusesADeadline() {
    worker.bean("deadlineTimer", ScheduledExecutorService.class).shutdownNow();
    Step running = accepted(step());
    assertThatThrownBy(() -> pools.submit(running)).isInstanceOf(RejectedExecutionException.class);

    assertHandedBackOnce(running);
    assertSlotIsFree();
  }

  @Test
  void aTimerThatRefusesAWait() {
    worker.bean("waitingTimer", ScheduledExecutorService.class).shutdownNow();
    Step step = accepted(step());
    failing.add(step.assignment().assignmentId());
    gate.countDown();
    assertThat(pools.submit(step)).isTrue();

    assertAcknowledgedOnce(step);
    assertThat(worker.bean(WaitingRoom.class).size()).isZero();
    assertSlotIsFree();
  }

  @Test
  void aTimerThatRefusesTheWaitOfASuspect() {
    worker.bean("waitingTimer", ScheduledExecutorService.class).shutdownNow();
    Step suspect = step(1, 10);
    assertThatThrownBy(() -> pools.submit(accepted(suspect)))
        .isInstanceOf(RejectedExecutionException.class);

    assertHandedBackOnce(suspect);
    assertThat(worker.bean(WaitingRoom.class).size()).isZero();
    assertSlotIsFree();
  }

  /** A pool with one slot, and room for one more step with queue management on. */
  private void use(RejectionPolicy policy, boolean managed) {
    Thresholds thresholds = new Thresholds(0.5, 0.8);
    StepEnd end = worker.bean(StepEnd.class);
    QueueProperties settings = new QueueProperties(policy, Duration.ZERO, false, thresholds);
    pool =
        new StepPool(
            ResourcePool.CPU,
            1,
            new OverloadScale(1, thresholds),
            new QueueRejection(ResourcePool.CPU, 1, settings, end, observer),
            end,
            observer);
    Map<ResourcePool, StepPool> all = Map.of(ResourcePool.CPU, pool);
    SwitchedFlags flags = new SwitchedFlags(managed);
    pools =
        new StepPools(
            all,
            worker.bean(StepExecution.class),
            end,
            worker.bean(Drain.class),
            worker.bean(WaitingRoom.class),
            worker.bean(DeadlineWatch.class),
            new HoldRoom(settings, all, flags),
            flags,
            worker.bean(TimeSource.class));
  }

  /** One step that runs, and one that waits. */
  private List<Step> fill() {
    Step running = accepted(step());
    assertThat(pools.submit(running)).isTrue();
    await().until(() -> pool.running() == 1);
    Step waiting = accepted(step());
    assertThat(pools.submit(waiting)).isTrue();
    return List.of(running, waiting);
  }

  /** Has the first attempt of a step fail, on this thread. */
  private void fail(Step step, AttemptQueue next) {
    failing.add(step.assignment().assignmentId());
    gate.countDown();
    assertThat(step.queue(Place.NONE)).isTrue();
    worker.bean(StepExecution.class).runAttempt(step, next);
  }

  private Step step() {
    return step(1);
  }

  private Step step(int backoffMs) {
    return step(backoffMs, 1);
  }

  private Step step(int backoffMs, long deliveries) {
    Assignments assignment =
        ScriptedBlock.assignment().maxAttempts(3).backoffMs(backoffMs).deadlineMs(300_000);
    Step step =
        worker.step(
            assignment,
            LeaseEnds.delivery(assignment, worker, deliveries),
            FlagSnapshot.of(true, true));
    steps.add(step);
    return step;
  }

  private Step accepted(Step step) {
    worker.bean(Answers.class).accept(step.answer(), null, true);
    return step;
  }

  private Outputs work(BlockCall call) throws StepFailure, InterruptedException {
    gate.await();
    if (failing.contains(call.assignmentId())) {
      throw StepFailure.of(ErrorCode.NETWORK_ERROR, "made by the test");
    }
    return ScriptedBlock.DONE;
  }

  /** Fails unless another step runs to its end, and nothing is left. */
  private void assertSlotIsFree() {
    observer.failing.clear();
    gate.countDown();
    await().until(() -> pool.inside() == 0 && pool.running() == 0);
    Step next = step();
    StepTask task =
        new StepTask(
            next,
            pool,
            worker.bean(StepExecution.class),
            pools,
            worker.bean(TimeSource.class).nanos());
    accepted(next);
    assertThat(next.queue(task)).isTrue();
    pool.submit(task);
    assertAcknowledgedOnce(next);
    await().until(() -> pool.inside() == 0 && pool.running() == 0);
    assertThat(worker.bean(Answers.class).unfinished()).isZero();
  }

  private static void assertAcknowledgedOnce(Step step) {
    assertEndedOnce(step, 1);
  }

  private static void assertHandedBackOnce(Step step) {
    assertEndedOnce(step, 0);
  }

  private static void assertEndedOnce(Step step, int acks) {
    String id = step.assignment().assignmentId();
    await().until(() -> leases.ends(id) > 0);
    assertThat(step.hasEnded()).isTrue();
    assertThat(leases.acks(id)).isEqualTo(acks);
    assertThat(leases.ends(id)).isEqualTo(1);
  }

  private static ConditionFactory await() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5));
  }

  /** An observer that throws in the hooks that a test names. */
  private static final class FaultyObserver implements QueueObserver {

    final Set<String> failing = ConcurrentHashMap.newKeySet();

    @Override
    public void started(StepTask task) {
      failIn("started");
    }

    @Override
    public void queueChanged(IntSupplier depth) {
      failIn("queueChanged");
    }

    @Override
    public void rejected(Rejection which, Step step, int depth) {
      failIn("rejected");
    }

    private void failIn(String hook) {
      if (failing.contains(hook)) {
        throw new IllegalStateException(hook);
      }
    }
  }
}
