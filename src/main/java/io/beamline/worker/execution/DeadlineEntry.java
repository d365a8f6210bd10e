package io.beamline.worker.execution;

import io.beamline.worker.timeout.Deadline;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A step with a deadline, and what happens when it passes. Holds the step no longer than until the
 * step has ended. Thread-safe.
 */
final class DeadlineEntry {

  private final Deadline deadline;
  private final long sinceNanos;
  private final Consumer<Step> passed;
  private volatile @Nullable Step step;
  private volatile @Nullable Future<?> timer;

  /**
   * A step that has not ended yet.
   *
   * @param deadline bounded
   * @param passed called once, when the deadline has passed before the step ended
   */
  DeadlineEntry(Step step, Deadline deadline, Consumer<Step> passed, long nowNanos) {
    this.step = step;
    this.deadline = deadline;
    this.passed = passed;
    this.sinceNanos = nowNanos;
  }

  /** Whether the step has ended. */
  boolean isCancelled() {
    return step == null;
  }

  /** How old it is, in nanoseconds. */
  long ageNanos(long nowNanos) {
    return nowNanos - sinceNanos;
  }

  /** The time until the deadline, never negative and never too long for a timer. */
  Duration remaining(long nowNanos) {
    return Duration.ofNanos(Math.max(0, deadline.remainingNanos(nowNanos)));
  }

  /** The deadline has passed. */
  void pass() {
    Step late = step;
    if (late != null) {
      passed.accept(late);
    }
  }

  /** Keeps the timer that calls {@link #pass}. */
  void timedBy(Future<?> started) {
    timer = started;
    if (isCancelled()) {
      boolean unused = started.cancel(false);
    }
  }

  /** The step has ended. */
  void cancel() {
    step = null;
    Future<?> started = timer;
    if (started != null) {
      boolean unused = started.cancel(false);
    }
  }
}
