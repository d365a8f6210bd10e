package io.beamline.worker.execution;

import io.beamline.worker.timeout.Deadline;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An entry in the {@link DeadlineTimers}: a step, the deadline of the step or the end of its
 * budget, and the action at that moment. The entry drops its reference to the step when the step
 * ends. Thread-safe.
 */
final class DeadlineEntry {

  private final Deadline deadline;
  private final long sinceNanos;
  private final Consumer<Step> onPassed;
  private volatile @Nullable Step step;
  private volatile @Nullable Future<?> timer;

  /**
   * Creates an entry for a step that has not ended.
   *
   * @param deadline the moment of the action; bounded
   * @param onPassed the action, called once if the deadline passes before the step ends
   */
  DeadlineEntry(Step step, Deadline deadline, Consumer<Step> onPassed, long nowNanos) {
    this.step = step;
    this.deadline = deadline;
    this.onPassed = onPassed;
    this.sinceNanos = nowNanos;
  }

  /** Returns whether the step has ended. */
  boolean isCancelled() {
    return step == null;
  }

  /** Returns the age of the entry, in nanoseconds. */
  long ageNanos(long nowNanos) {
    return nowNanos - sinceNanos;
  }

  /** Returns the time until the deadline. It is never negative and never too long for a timer. */
  Duration remaining(long nowNanos) {
    return Duration.ofNanos(Math.max(0, deadline.remainingNanos(nowNanos)));
  }

  /** Runs the action, unless the step has ended. The timer calls it at the deadline. */
  void fire() {
    Step late = step;
    if (late != null) {
      onPassed.accept(late);
    }
  }

  /** Sets the timer that calls {@link #fire}, and cancels it if the step has ended. */
  void setTimer(Future<?> started) {
    timer = started;
    if (isCancelled()) {
      boolean unused = started.cancel(false);
    }
  }

  /** Cancels the timer and drops the step, because the step has ended. */
  void cancel() {
    step = null;
    Future<?> started = timer;
    if (started != null) {
      boolean unused = started.cancel(false);
    }
  }
}
