package io.beamline.worker.destination;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The permission to make one attempt at a destination. It is given back once, with what the attempt
 * says about the destination; later calls do nothing. Thread-safe.
 */
public final class Permit {

  private final Destination destination;
  private final long sinceNanos;
  private final long period;
  private final AtomicBoolean returned = new AtomicBoolean();

  /**
   * Creates a permit.
   *
   * @param sinceNanos when it was granted, on the monotonic clock
   * @param period the number of changes of the breaker's state before it was granted
   */
  Permit(Destination destination, long sinceNanos, long period) {
    this.destination = destination;
    this.sinceNanos = sinceNanos;
    this.period = period;
  }

  /** Gives it back. */
  public void giveBack(AttemptVerdict verdict) {
    if (returned.compareAndSet(false, true)) {
      destination.takeBack(this, verdict);
    }
  }

  long sinceNanos() {
    return sinceNanos;
  }

  long period() {
    return period;
  }
}
