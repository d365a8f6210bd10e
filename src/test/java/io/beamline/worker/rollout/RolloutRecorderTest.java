package io.beamline.worker.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.support.FakeTime;
import io.beamline.worker.timeout.TimeSource;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RolloutRecorderTest {

  private static final FlagSnapshot CP1 = FlagSnapshot.of(false, false);
  private static final FlagSnapshot RETRY = FlagSnapshot.of(true, false);
  private static final int ROUND = 200_000;

  private final FakeTime time = new FakeTime();
  private final RolloutRecorder recorder = new RolloutRecorder(List.of("echo"), time);

  @Test
  void tellsTypesAndSidesApart() {
    ended("echo", CP1, StepStatus.SUCCESS, 1);
    ended("echo", RETRY, StepStatus.SUCCESS, 3);
    ended("echo", RETRY, StepStatus.TIMEOUT, 25);
    ended("echo", RETRY, StepStatus.ERROR, 1);
    ended("unheard-of", CP1, StepStatus.CANCELLED, 0);
    recorder.ended("echo", CP1, true, StepStatus.SUCCESS, 1, time.nanos());
    recorder.rejected("echo", RETRY);
    recorder.queued(ResourcePool.CPU, 7);
    recorder.queued(ResourcePool.CPU, 3);

    for (Window window : List.of(recorder.sinceChange(), recorder.lastHour())) {
      assertThat(window.types()).containsExactly("echo", "none");
      Sample retry = window.of(0, Flag.ADVANCED_RETRY.bit());
      assertThat(retry.count()).isEqualTo(3);
      assertThat(retry.count(StepStatus.SUCCESS)).isEqualTo(1);
      assertThat(retry.retried()).isEqualTo(2);
      assertThat(retry.helped()).isEqualTo(1);
      assertThat(retry.attempts()).hasSize(21).endsWith(1).startsWith(0, 1, 0, 1);
      assertThat(window.of(0, 0).count()).isEqualTo(1);
      assertThat(window.of(0, Flag.QUEUE_MANAGEMENT.bit()).count()).isEqualTo(1);
      assertThat(window.of(0, flags -> true).rejections()).isEqualTo(1);
      assertThat(window.of(1, flags -> true).count(StepStatus.CANCELLED)).isEqualTo(1);
      assertThat(window.longestQueues())
          .containsEntry(ResourcePool.CPU, 7)
          .containsEntry(ResourcePool.IO, 0);
    }
  }

  @Test
  void measuresFromArrivalToResult() {
    long arrived = time.nanos();
    time.advance(Duration.ofMillis(730));
    recorder.ended("echo", CP1, false, StepStatus.SUCCESS, 1, arrived);

    assertThat(recorder.sinceChange().of(0, 0).quantileMillis(0.5)).isBetween(694.0, 766.0);
  }

  @Test
  void forgetsAfterAnHourAndKeepsUntilThen() {
    ended("echo", CP1, StepStatus.SUCCESS, 1);
    time.advance(Duration.ofMinutes(59));
    ended("echo", CP1, StepStatus.SUCCESS, 1);

    assertThat(recorder.lastHour().of(0, 0).count()).isEqualTo(2);
    time.advance(Duration.ofMinutes(1));
    assertThat(recorder.lastHour().of(0, 0).count()).isEqualTo(1);
    ended("echo", CP1, StepStatus.SUCCESS, 1);
    assertThat(recorder.lastHour().of(0, 0).count()).isEqualTo(2);
    time.advance(Duration.ofDays(3));
    assertThat(recorder.lastHour().of(0, 0).count()).isZero();
    assertThat(recorder.lastHour().length()).isEqualTo(Duration.ofHours(1));
    assertThat(recorder.sinceChange().of(0, 0).count()).isEqualTo(3);
  }

  @Test
  void noJumpOfTheWallClockMatters() {
    ended("echo", CP1, StepStatus.SUCCESS, 1);
    time.jumpWallClock(Duration.ofDays(-400));
    ended("echo", CP1, StepStatus.SUCCESS, 1);
    time.jumpWallClock(Duration.ofDays(800));
    ended("echo", CP1, StepStatus.SUCCESS, 1);

    assertThat(recorder.lastHour().of(0, 0).count()).isEqualTo(3);
    assertThat(recorder.sinceChange().length()).isEqualTo(Duration.ZERO);
  }

  @Test
  void sinceAChangeOnlyStepsCountThatArrivedAfterIt() {
    long before = time.nanos();
    time.advance(Duration.ofSeconds(1));
    recorder.flagChanged();
    recorder.ended("echo", CP1, false, StepStatus.SUCCESS, 1, before);
    ended("echo", RETRY, StepStatus.SUCCESS, 1);
    time.advance(Duration.ofSeconds(5));

    Window window = recorder.sinceChange();
    assertThat(window.of(0, 0).count()).isZero();
    assertThat(window.of(0, Flag.ADVANCED_RETRY.bit()).count()).isEqualTo(1);
    assertThat(window.length()).isEqualTo(Duration.ofSeconds(5));
    assertThat(recorder.lastHour().of(flags -> true).count()).isEqualTo(2);
  }

  @Test
  void knowsHowManyStepsHaveNotEndedYet() {
    recorder.arrived(RETRY);
    long before = time.nanos();
    time.advance(Duration.ofSeconds(1));
    recorder.flagChanged();
    recorder.left(RETRY, before);
    assertThat(inFlight()).as("what arrived before the change").isZero();

    IntStream.range(0, 3).forEach(step -> recorder.arrived(RETRY));
    recorder.left(RETRY, time.nanos());
    assertThat(inFlight()).isEqualTo(2);
    recorder.left(RETRY, before);
    recorder.rejected("echo", RETRY);
    ended("echo", RETRY, StepStatus.ERROR, 0);
    assertThat(inFlight()).as("what is counted is not what has left").isEqualTo(2);
    recorder.left(RETRY, time.nanos());
    recorder.left(RETRY, time.nanos());
    assertThat(inFlight()).isZero();
    assertThat(recorder.sinceChange().inFlight(flags -> flags == 0)).isZero();
  }

  private long inFlight() {
    return recorder.sinceChange().inFlight(Flag.ADVANCED_RETRY.bit());
  }

  @Test
  void losesNothingWhenManyThreadsCountAtOnce() {
    RolloutRecorder shared = new RolloutRecorder(List.of("echo"), TimeSource.system());
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      IntStream.range(0, 4).forEach(i -> threads.execute(() -> count(shared, 50_000)));
    }

    assertThat(shared.sinceChange().of(flags -> true).count()).isEqualTo(200_000);
    assertThat(shared.sinceChange().inFlight(flags -> true)).isZero();
    assertThat(shared.lastHour().of(flags -> true).count()).isEqualTo(200_000);
  }

  @Test
  void costsLessThanAMicrosecondAndNoMemory() {
    RolloutRecorder real = new RolloutRecorder(List.of("echo"), TimeSource.system());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    count(real, ROUND);
    long allocated = threads.getCurrentThreadAllocatedBytes();
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 10; round++) {
      long begun = System.nanoTime();
      count(real, ROUND);
      best = Math.min(best, System.nanoTime() - begun);
    }

    assertThat((double) best / ROUND).as("ns per step").isLessThan(1_000);
    assertThat(threads.getCurrentThreadAllocatedBytes() - allocated)
        .as("bytes for %d steps", 10 * ROUND)
        .isLessThan(100_000);
  }

  private static void count(RolloutRecorder recorder, int steps) {
    for (int i = 0; i < steps; i++) {
      FlagSnapshot side = i % 2 == 0 ? CP1 : RETRY;
      recorder.arrived(side);
      recorder.ended("echo", side, false, StepStatus.SUCCESS, 1 + i % 3, System.nanoTime());
      recorder.left(side, System.nanoTime());
    }
  }

  private void ended(String type, FlagSnapshot flags, StepStatus status, int attempts) {
    recorder.ended(type, flags, false, status, attempts, time.nanos());
  }
}
