package io.beamline.worker.execution;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A step with a deadline; holds it no longer than somebody must watch it. Thread-safe. */
final class Watched {

  private final AttemptQueue queue;
  private final long sinceNanos;
  private volatile @Nullable Step step;
  private volatile @Nullable Future<?> timer;

  /**
   * A step that is watched from now on.
   *
   * @param queue where it waits for a slot
   */
  Watched(Step step, AttemptQueue queue, long nowNanos) {
    this.step = step;
    this.queue = queue;
    this.sinceNanos = nowNanos;
  }

  /** The step, null once it has ended. */
  @Nullable Step step() {
    return step;
  }

  /** Where the step waits for a slot. */
  AttemptQueue queue() {
    return queue;
  }

  /** Since when it is watched, on the monotonic clock. */
  long sinceNanos() {
    return sinceNanos;
  }

  /** Keeps what wakes the watch at the deadline. */
  void timedBy(Future<?> begun) {
    timer = begun;
    if (step == null) {
      boolean unused = begun.cancel(false);
    }
  }

  /** The step has ended. */
  void forget() {
    step = null;
    Future<?> begun = timer;
    if (begun != null) {
      boolean unused = begun.cancel(false);
    }
  }
}
