package io.beamline.worker.queue;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import io.beamline.worker.config.QueueProperties;
import io.beamline.worker.config.QueueProperties.RejectionPolicy;
import io.beamline.worker.config.QueueProperties.Thresholds;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.execution.DeadlineWatch;
import io.beamline.worker.execution.Drain;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepEnd;
import io.beamline.worker.execution.TestSteps;
import io.beamline.worker.execution.WaitingRoom;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.QueueMetrics;
import io.beamline.worker.rollout.RolloutRecorder;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * A real pool with real threads, whose steps wait until the gate opens, and what became of them.
 */
final class PoolsFixture implements AutoCloseable {

  static final int SLOTS = 2;

  /** So short that only the slots decide how much may wait. */
  private static final Duration HOLD_AHEAD = Duration.ZERO;

  /** Steps whose block dies of an error. */
  final Collection<Step> dying = new ConcurrentLinkedQueue<>();

  final Collection<Step> ran = new ConcurrentLinkedQueue<>();
  final Collection<Step> refused = new ConcurrentLinkedQueue<>();
  final Collection<Step> dropped = new ConcurrentLinkedQueue<>();
  final Collection<String> details = new ConcurrentLinkedQueue<>();
  final SwitchedFlags flags;
  final StepPool pool;
  final StepPools pools;
  private final CountDownLatch gate = new CountDownLatch(1);

  PoolsFixture(RejectionPolicy policy, int limit, boolean on) {
    flags = new SwitchedFlags(on);
    QueueProperties settings =
        new QueueProperties(policy, HOLD_AHEAD, false, new Thresholds(0.5, 0.8));
    PoolFactory factory =
        new PoolFactory(
            settings,
            end(),
            flags,
            QueueMetrics.standalone(),
            new RolloutRecorder(List.of(), TimeSource.system()),
            new LogThrottle(TimeSource.system(), Duration.ofSeconds(10)),
            TimeSource.system());
    pool = factory.create(ResourcePool.CPU, SLOTS, limit);
    Map<ResourcePool, StepPool> all = Map.of(ResourcePool.CPU, pool);
    pools =
        new StepPools(
            all,
            TestSteps.execution(this::run),
            factory.end(),
            mock(Drain.class, withSettings().stubOnly()),
            mock(WaitingRoom.class, withSettings().stubOnly()),
            mock(DeadlineWatch.class, withSettings().stubOnly()),
            new HoldRoom(settings, all, flags),
            flags,
            TimeSource.system());
  }

  /** Steps that are submitted one after the other, by this thread. */
  List<Step> submit(int count) {
    List<Step> steps = IntStream.range(0, count).mapToObj(i -> TestSteps.fresh()).toList();
    steps.forEach(pools::submit);
    return steps;
  }

  /** Lets every step run to its end from now on. */
  void open() {
    gate.countDown();
  }

  /** Waits until the first steps have their slots: those are not the ones that wait longest. */
  void awaitSlotsTaken() {
    await().until(() -> pool.running() == SLOTS);
  }

  void awaitIdle() {
    open();
    await().until(() -> pools.isIdle());
  }

  @Override
  public void close() {
    open();
    pools.interruptRunning();
  }

  private static ConditionFactory await() {
    return Awaitility.await()
        .dontCatchUncaughtExceptions()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2));
  }

  private void run(Step step) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (dying.contains(step)) {
      throw new StackOverflowError("made by the test");
    }
    ran.add(step);
  }

  private StepEnd end() {
    StepEnd end = mock(StepEnd.class, withSettings().stubOnly());
    doAnswer(call -> refused.add(call.getArgument(0)) && details.add(call.getArgument(2)))
        .when(end)
        .reject(any(), any(), any(), anyBoolean());
    doAnswer(call -> dropped.add(call.getArgument(0))).when(end).drop(any(Step.class));
    return end;
  }
}
