package io.beamline.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.support.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which steps get a timer, and when; on a timer that runs only when the test lets it. */
class DeadlineTimersTest {

  private static final Duration FAR = Duration.ofMillis(900);
  private static final Duration STEP = Duration.ofMillis(10);

  private final FakeTime time = new FakeTime();
  private final HandTimer hand = new HandTimer();
  private final List<Step> passed = new ArrayList<>();
  private final DeadlineTimers timers = new DeadlineTimers(hand, time);

  @AfterEach
  void close() {
    hand.shutdownNow();
  }

  @Test
  void endsEachStepAtItsDeadlineAndNotBefore() {
    for (int ms : new int[] {1, 99, 100, 399, 400, 401, 500, 900}) {
      passed.clear();
      Step step = step(Duration.ofMillis(ms));
      watch(step);
      pass(Duration.ofMillis(ms).minus(STEP));
      assertThat(passed).as("%d ms, before", ms).isEmpty();
      pass(STEP);
      assertThat(passed).as("%d ms", ms).containsExactly(step);
    }
  }

  @Test
  void givesNoTimerToAStepThatEndsYoung() {
    for (int i = 0; i < 1_000; i++) {
      watch(step(FAR)).cancel();
    }
    pass(FAR.plusSeconds(1));
    assertThat(hand.scheduled).isLessThan(20);
    assertThat(hand.waiting).isEmpty();
    assertThat(passed).isEmpty();
  }

  @Test
  void takesTheTimerFromAStepThatEndsLater() {
    DeadlineEntry entry = watch(step(FAR));
    pass(FAR.minus(STEP));
    assertThat(hand.waiting).hasSize(1);
    entry.cancel();
    assertThat(hand.waiting).isEmpty();
    pass(FAR);
    assertThat(passed).isEmpty();
  }

  @Test
  void aTimerThatComesTooLateIsTakenAtOnce() {
    DeadlineEntry entry = entry(step(FAR));
    entry.cancel();
    FutureTask<Void> timer = new FutureTask<>(() -> null);
    entry.setTimer(timer);
    assertThat(timer).isCancelled();
  }

  @Test
  void goesOnWhenNoTimerCouldBeHadForAWhile() {
    hand.refusing = true;
    assertThatThrownBy(() -> watch(step(FAR))).isInstanceOf(RejectedExecutionException.class);
    hand.refusing = false;
    Step first = step(FAR);
    watch(first);
    pass(Duration.ofMillis(50));
    hand.refusing = true;
    assertThatThrownBy(() -> pass(Duration.ofMillis(200)))
        .isInstanceOf(RejectedExecutionException.class);
    hand.refusing = false;
    Step second = step(FAR);
    watch(second);
    pass(Duration.ofSeconds(2));
    assertThat(passed).contains(first, second);
  }

  private Step step(Duration deadline) {
    return TestSteps.due(time.nanos(), deadline);
  }

  private DeadlineEntry entry(Step step) {
    return new DeadlineEntry(step, step.limits().deadline(), passed::add, time.nanos());
  }

  private DeadlineEntry watch(Step step) {
    DeadlineEntry entry = entry(step);
    timers.add(entry);
    return entry;
  }

  private void pass(Duration by) {
    hand.runDue();
    for (Duration gone = STEP; gone.compareTo(by) <= 0; gone = gone.plus(STEP)) {
      time.advance(STEP);
      hand.runDue();
    }
    time.advance(Duration.ofNanos(Math.max(0, by.toNanos() % STEP.toNanos())));
    hand.runDue();
  }

  /** Schedules by the fake clock, on the calling thread. */
  private final class HandTimer extends ScheduledThreadPoolExecutor {

    final List<Task> waiting = new ArrayList<>();
    int scheduled;
    boolean refusing;

    HandTimer() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      if (refusing) {
        throw new RejectedExecutionException("no timer");
      }
      Task task = new Task(command, time.nanos() + unit.toNanos(delay));
      scheduled++;
      waiting.add(task);
      return task;
    }

    void runDue() {
      List<Task> due = waiting.stream().filter(task -> time.nanos() - task.atNanos >= 0).toList();
      waiting.removeAll(due);
      due.forEach(task -> task.command.run());
    }
  }

  private final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {

    final Runnable command;
    final long atNanos;

    Task(Runnable command, long atNanos) {
      super(command, null);
      this.command = command;
      this.atNanos = atNanos;
    }

    @Override
    public boolean cancel(boolean interrupt) {
      hand.waiting.remove(this);
      return super.cancel(interrupt);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(atNanos - time.nanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(atNanos, ((Task) other).atNanos);
    }
  }
}
