package io.beamline.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import io.beamline.worker.config.QueueProperties;
import io.beamline.worker.config.QueueProperties.RejectionPolicy;
import io.beamline.worker.config.QueueProperties.Thresholds;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.execution.AttemptQueue;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepEnd;
import io.beamline.worker.execution.TestSteps;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.QueueMetrics;
import io.beamline.worker.rollout.RolloutRecorder;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the room of real pools is under the policy hold (contract section 5). */
class HoldRoomTest {

  private static final int IO_SLOTS = 4;
  private static final int CPU_SLOTS = 2;
  private static final int LIMIT = 20;
  private static final Duration AHEAD = Duration.ofMillis(100);
  private static final long AT_START = 5_000_000_000L;
  private static final long IN_TIME = AT_START + AHEAD.dividedBy(2).toNanos();
  private static final long LATE = AT_START + AHEAD.multipliedBy(5).toNanos();

  private final SwitchedFlags flags = new SwitchedFlags(true);
  private final List<TestPool> pools = new ArrayList<>();
  private final TestPool io = new TestPool(ResourcePool.IO, IO_SLOTS);
  private final TestPool cpu = new TestPool(ResourcePool.CPU, CPU_SLOTS);

  @AfterEach
  void endSteps() {
    pools.forEach(pool -> pool.pool.shutdown());
  }

  /** The slots, as many waiting, and nothing finished. 40 arrivals, of which {@code ioArrived}. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "empty and nothing arrived: what suits any kind,    0, 0,  0,  0,  4, 4",
    "one step takes the room of one,                    0, 1,  0,  0,  3, 3",
    "the smaller room decides,                          7, 1,  0,  0,  1, 1",
    "one pool is full and nothing arrived,              0, 4,  0,  0,  0, 0",
    "one pool has more than it may: no less than none,  0, 9,  0,  0,  0, 0",
    "only the other kind arrives: a few to find out,    0, 4, 40,  0,  8, 0",
    "only the kind of the full pool arrives,            0, 4,  0, 40,  0, 0",
    "both kinds arrive and one pool is full,            0, 4, 20, 20,  8, 0",
    "both kinds arrive: what suits any kind,            0, 0, 20, 20,  4, 4",
    "both pools are full,                               8, 4, 20, 20,  0, 0",
  })
  void limits(
      String name,
      int ioInside,
      int cpuInside,
      int ioArrived,
      int cpuArrived,
      int messages,
      int forAnyMix) {
    HoldRoom room = room(RejectionPolicy.HOLD);
    io.submit(ioInside);
    cpu.submit(cpuInside);
    arrive(room, ioArrived, cpuArrived);

    assertThat(room.limit(AT_START)).as(name).isEqualTo(new PullLimit(messages, forAnyMix));
  }

  @ParameterizedTest
  @CsvSource({"HOLD, false", "REJECT_NEW, true", "DROP_OLDEST, true"})
  void isNoLimitWithoutThePolicyOrItsFlag(RejectionPolicy policy, boolean on) {
    HoldRoom room = room(policy);
    flags.on = on;
    io.submit(2 * IO_SLOTS);
    cpu.submit(2 * CPU_SLOTS);

    assertThat(room.limit(AT_START)).isEqualTo(PullLimit.NONE);
    assertThat(room.heldUp(AT_START)).isEmpty();
    assertThat(room.policyHolds()).isEqualTo(policy == RejectionPolicy.HOLD);
  }

  @Test
  void followsItsFlagAtOnceAndKnowsWhatArrivedWhileItWasOff() {
    HoldRoom room = room(RejectionPolicy.HOLD);
    flags.on = false;
    arrive(room, 0, 40);
    cpu.submit(2 * CPU_SLOTS - 1);
    assertThat(room.limit(AT_START)).isEqualTo(PullLimit.NONE);

    flags.on = true;
    assertThat(room.limit(AT_START)).isEqualTo(new PullLimit(1, 1));
    cpu.submit(1);
    assertThat(room.limit(AT_START)).isEqualTo(new PullLimit(0, 0));

    flags.on = false;
    assertThat(room.limit(AT_START)).isEqualTo(PullLimit.NONE);
  }

  @Test
  void allowsAsMuchWaitingAsWasFinishedLatelyUpToTheLimitOfTheQueue() {
    HoldRoom room = room(RejectionPolicy.HOLD);
    room.limit(AT_START);
    arrive(room, 0, 40);

    cpu.finish(8);
    assertThat(room.limit(IN_TIME).messages()).isEqualTo(CPU_SLOTS + 8);
    cpu.finish(32);
    assertThat(room.limit(IN_TIME).messages()).isEqualTo(CPU_SLOTS + LIMIT);
    assertThat(room.limit(IN_TIME).forAnyMix()).isEqualTo(2 * CPU_SLOTS);
  }

  @Test
  void forgetsWhatWasFinishedBefore() {
    HoldRoom room = room(RejectionPolicy.HOLD);
    room.limit(AT_START);
    arrive(room, 0, 40);
    cpu.finish(16);
    assertThat(room.limit(IN_TIME).messages()).isEqualTo(CPU_SLOTS + 16);

    room.limit(LATE);
    assertThat(room.limit(LATE + AHEAD.toNanos()))
        .isEqualTo(new PullLimit(2 * CPU_SLOTS, 2 * CPU_SLOTS));
  }

  /** Otherwise a fast pool would cost a request for each step. */
  @Test
  void asksForAFastPoolOnlyWhenAQuarterIsUsedUp() {
    HoldRoom room = room(RejectionPolicy.HOLD);
    room.limit(AT_START);
    arrive(room, 0, 40);
    cpu.finish(16);

    cpu.submit(CPU_SLOTS + 16 - 3);
    assertThat(room.limit(IN_TIME).messages()).isZero();
    cpu.end(1);
    assertThat(room.limit(IN_TIME).messages()).isGreaterThanOrEqualTo(16 / 4);
  }

  @Test
  void looksForWorkOfAPoolThatAFullOneHoldsUp() {
    HoldRoom room = room(RejectionPolicy.HOLD);
    assertThat(room.heldUp(AT_START)).isEmpty();

    cpu.submit(2 * CPU_SLOTS);
    assertThat(room.heldUp(AT_START)).isEqualTo(Set.of(ResourcePool.IO));
    io.submit(2 * IO_SLOTS);
    assertThat(room.heldUp(AT_START)).isEmpty();
  }

  @Test
  void doesNotLookWhileTheFullPoolIsFast() {
    HoldRoom room = room(RejectionPolicy.HOLD);
    room.limit(AT_START);
    cpu.finish(16);
    cpu.submit(CPU_SLOTS + 16);

    assertThat(room.heldUp(IN_TIME)).isEmpty();
  }

  @Test
  void reachesForWhatWasSeenInTheStreamAndNoFurther() {
    HoldRoom room = room(RejectionPolicy.HOLD);
    cpu.submit(2 * CPU_SLOTS);
    arrive(room, 0, 40);
    assertThat(room.limit(AT_START).messages()).isZero();

    room.seenInStream(5);
    assertThat(room.limit(AT_START)).isEqualTo(new PullLimit(5, 0));
    arrive(room, 0, 4);
    cpu.submit(4);
    assertThat(room.limit(AT_START)).isEqualTo(new PullLimit(1, 0));
    arrive(room, 1, 0);
    room.seenInStream(60);
    assertThat(room.limit(AT_START).messages())
        .as("no more than the full pool may hold")
        .isEqualTo(LIMIT + CPU_SLOTS - cpu.pool.inside());
  }

  private HoldRoom room(RejectionPolicy policy) {
    return new HoldRoom(
        settings(policy), Map.of(ResourcePool.IO, io.pool, ResourcePool.CPU, cpu.pool), flags);
  }

  private static QueueProperties settings(RejectionPolicy policy) {
    return new QueueProperties(policy, AHEAD, false, new Thresholds(0.5, 0.8));
  }

  /** The kinds take turns as long as there are both. */
  private static void arrive(HoldRoom room, int io, int cpu) {
    for (int i = 0; i < Math.max(io, cpu); i++) {
      if (i < io) {
        room.arrived(ResourcePool.IO);
      }
      if (i < cpu) {
        room.arrived(ResourcePool.CPU);
      }
    }
  }

  /** A pool with its threads, whose steps run until the test ends them. */
  private final class TestPool {

    final StepPool pool;
    private final Semaphore ends = new Semaphore(0);

    TestPool(ResourcePool name, int slots) {
      pool =
          new PoolFactory(
                  settings(RejectionPolicy.HOLD),
                  mock(StepEnd.class, withSettings().stubOnly()),
                  flags,
                  QueueMetrics.standalone(),
                  new RolloutRecorder(List.of(), TimeSource.system()),
                  new LogThrottle(TimeSource.system(), Duration.ofSeconds(10)),
                  TimeSource.system())
              .create(name, slots, LIMIT);
      pools.add(this);
    }

    void submit(int steps) {
      AttemptQueue noMore = mock(AttemptQueue.class, withSettings().stubOnly());
      for (int i = 0; i < steps; i++) {
        Step step = TestSteps.fresh();
        StepTask task =
            new StepTask(step, pool, TestSteps.execution(this::awaitEnd), noMore, AT_START);
        assertThat(step.queue(task)).isTrue();
        pool.submit(task);
      }
    }

    /** Ends steps that run. */
    void end(int steps) {
      long ended = pool.finished() + steps;
      ends.release(steps);
      Awaitility.await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> pool.finished() == ended);
    }

    /** Runs steps to their end. */
    void finish(int steps) {
      submit(steps);
      end(steps);
    }

    private void awaitEnd(Step step) {
      try {
        ends.acquire();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
