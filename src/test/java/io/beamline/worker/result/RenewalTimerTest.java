package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

class RenewalTimerTest {

  @ParameterizedTest
  @CsvSource({"2500, 625", "83, 50", "1000, 250", "300000, 1000", "0, 50"})
  void runsFourTimesForEachCheckWithinLimits(long checkMillis, long paceMillis) {
    assertThat(RenewalTimer.paceOf(Duration.ofMillis(checkMillis)))
        .isEqualTo(Duration.ofMillis(paceMillis));
  }

  @Test
  void endsTheOldPaceOnceTheNewOneIsThere() {
    PaceRecorder timer = new PaceRecorder();
    AtomicInteger runs = new AtomicInteger();
    AtomicReference<Duration> check = new AtomicReference<>(Duration.ofMillis(200));
    new RenewalTimer(timer, runs::incrementAndGet, check::get).start();
    assertThat(timer.events).containsExactly("every 50 ms");

    timer.runCurrent();
    assertThat(timer.events).as("the pace is right").hasSize(1);

    check.set(Duration.ofSeconds(1));
    timer.runCurrent();
    timer.runCurrent();
    check.set(Duration.ofSeconds(30));
    timer.runCurrent();
    check.set(Duration.ofMillis(10));
    timer.runCurrent();
    assertThat(timer.events)
        .containsExactly(
            "every 50 ms",
            "every 250 ms",
            "no longer every 50 ms",
            "every 1000 ms",
            "no longer every 250 ms",
            "every 50 ms",
            "no longer every 1000 ms");
    assertThat(runs).hasValue(5);
  }

  @Test
  void keepsThePaceThatItHasWhenTheSchedulerTakesNoOther() {
    PaceRecorder timer = new PaceRecorder();
    AtomicReference<Duration> check = new AtomicReference<>(Duration.ofMillis(200));
    new RenewalTimer(timer, () -> {}, check::get).start();
    check.set(Duration.ofSeconds(30));
    timer.full = true;

    assertThatThrownBy(timer::runCurrent).isInstanceOf(TaskRejectedException.class);
    assertThat(timer.events).containsExactly("every 50 ms");

    timer.full = false;
    timer.runCurrent();
    assertThat(timer.events)
        .containsExactly("every 50 ms", "every 1000 ms", "no longer every 50 ms");
  }

  @Test
  void goesOnAtEachPaceWithOneTask() {
    ThreadPoolTaskScheduler timer = new ThreadPoolTaskScheduler();
    timer.setRemoveOnCancelPolicy(true);
    timer.initialize();
    try {
      AtomicInteger runs = new AtomicInteger();
      AtomicReference<Duration> check = new AtomicReference<>(Duration.ofSeconds(1));
      new RenewalTimer(timer, runs::incrementAndGet, check::get).start();
      await().until(() -> runs.get() >= 3);
      check.set(Duration.ofSeconds(30));
      int before = runs.get();
      await().until(() -> runs.get() >= before + 3);
      assertThat(timer.getScheduledThreadPoolExecutor().getQueue()).hasSizeLessThanOrEqualTo(1);
      check.set(Duration.ofMillis(10));
      int slow = runs.get();
      await().until(() -> runs.get() >= slow + 3);
    } finally {
      timer.shutdown();
    }
  }

  /** Writes down the tasks with a fixed delay, and which of them are cancelled. It runs none. */
  private static final class PaceRecorder implements TaskScheduler {

    private final List<String> events = new ArrayList<>();
    private final List<PacedTask> tasks = new ArrayList<>();
    private boolean full;

    /** Runs the task that was scheduled last and is not cancelled. */
    void runCurrent() {
      tasks.stream().filter(task -> !task.isCancelled()).toList().getLast().task.run();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Duration delay) {
      if (full) {
        throw new TaskRejectedException("no room");
      }
      PacedTask paced = new PacedTask(task, delay, events);
      tasks.add(paced);
      events.add("every " + delay.toMillis() + " ms");
      return paced;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, Trigger trigger) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, Instant startTime) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
        Runnable task, Instant startTime, Duration period) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Duration period) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable task, Instant startTime, Duration delay) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class PacedTask extends FutureTask<Void> implements ScheduledFuture<Void> {

    private final Runnable task;
    private final Duration delay;
    private final List<String> events;

    PacedTask(Runnable task, Duration delay, List<String> events) {
      super(task, null);
      this.task = task;
      this.delay = delay;
      this.events = events;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      events.add("no longer every " + delay.toMillis() + " ms");
      return super.cancel(mayInterruptIfRunning);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(delay);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}
