package io.beamline.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import io.beamline.worker.retry.RedeliveryPause;
import io.beamline.worker.support.FakeTime;
import io.beamline.worker.timeout.Deadline;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {

  private final FakeTime time = new FakeTime();
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final WaitingRoom room =
      new WaitingRoom(
          timer,
          10,
          new RedeliveryPause(() -> 0.999),
          mock(StepEnd.class, withSettings().stubOnly()),
          time);

  @AfterEach
  void close() {
    timer.shutdownNow();
  }

  @Test
  void aSuspectWaitsFiveSecondsAtMost() {
    assertThat(waitOf(TestSteps.delivered(8, Deadline.never()))).isBetween(4_500L, 5_000L);
  }

  @Test
  void aSuspectKeepsHalfOfItsTimeToRun() {
    Deadline soon = Deadline.after(time.nanos(), Duration.ofSeconds(2));
    assertThat(waitOf(TestSteps.delivered(8, soon))).isBetween(500L, 1_000L);
  }

  @Test
  void aDeadlineThatIsFarAwayChangesNothing() {
    Deadline far = Deadline.after(time.nanos(), Duration.ofMinutes(1));
    assertThat(waitOf(TestSteps.delivered(8, far))).isBetween(4_500L, 5_000L);
  }

  @Test
  void nobodyIsSuspectWhoCameThreeTimes() {
    assertThat(room.enterSuspect(TestSteps.delivered(3), step -> {})).isFalse();
  }

  /** How long it is to wait, in ms. */
  private long waitOf(Step step) {
    assertThat(room.enterSuspect(step, next -> {})).isTrue();
    assertThat(timer.getQueue()).hasSize(1);
    return ((ScheduledFuture<?>) Objects.requireNonNull(timer.getQueue().peek()))
        .getDelay(TimeUnit.MILLISECONDS);
  }
}
