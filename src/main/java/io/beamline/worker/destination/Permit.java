package io.beamline.worker.destination;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The permission to make one attempt at a destination. It is given back once, with what the attempt
 * says about the destination; later calls do nothing. Thread-safe.
 */
public final class Permit {

  private final Destination destination;
  private final long period;
  private final AtomicBoolean started;
  private final AtomicBoolean returned = new AtomicBoolean();
  private volatile long startNanos;

  /**
   * Creates a permit.
   *
   * @param startNanos when it was granted, on the monotonic clock
   * @param period the number of changes of the breaker's state before it was granted
   * @param started whether its attempt starts at once
   */
  Permit(Destination destination, long startNanos, long period, boolean started) {
    this.destination = destination;
    this.startNanos = startNanos;
    this.period = period;
    this.started = new AtomicBoolean(started);
  }

  /** Tells that the attempt starts. Until then it is no attempt under way. */
  public void started() {
    if (started.compareAndSet(false, true)) {
      startNanos = destination.started();
    }
  }

  /** Gives it back. */
  public void giveBack(AttemptVerdict verdict) {
    if (returned.compareAndSet(false, true)) {
      destination.takeBack(this, verdict);
    }
  }

  /** Returns when its attempt started, or when it was granted. */
  long startNanos() {
    return startNanos;
  }

  /** Returns whether no attempt was made, and marks it as started. Called once, at its return. */
  boolean isUnused() {
    return started.compareAndSet(false, true);
  }

  long period() {
    return period;
  }
}
