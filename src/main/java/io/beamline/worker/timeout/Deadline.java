package io.beamline.worker.timeout;

import java.time.Duration;

/**
 * The point on the monotonic clock at which a step must have ended (W3-2.3). Immutable.
 *
 * @param bounded whether the deadline ever passes
 * @param atNanos the point, in the units of {@link TimeSource#nanos()}; ignored if it is not
 *     bounded
 */
public record Deadline(boolean bounded, long atNanos) {

  /** The remaining time of a deadline that never passes: about 146 years. */
  public static final long FOREVER_NANOS = Long.MAX_VALUE / 2;

  private static final Deadline NEVER = new Deadline(false, 0);

  /** Returns the deadline that never passes. */
  public static Deadline never() {
    return NEVER;
  }

  /** Returns the deadline that passes the given time after a point on the monotonic clock. */
  public static Deadline after(long fromNanos, Duration time) {
    return new Deadline(true, fromNanos + time.toNanos());
  }

  /**
   * Returns the remaining nanoseconds: zero or negative once the deadline has passed, {@link
   * #FOREVER_NANOS} if it never does.
   */
  public long remainingNanos(long nowNanos) {
    return bounded ? atNanos - nowNanos : FOREVER_NANOS;
  }

  /** Returns whether the deadline has passed. */
  public boolean passed(long nowNanos) {
    return remainingNanos(nowNanos) <= 0;
  }

  /** Returns the shorter of a timeout and the remaining time; never negative. */
  public Duration cap(Duration timeout, long nowNanos) {
    if (!bounded) {
      return timeout;
    }
    return Durations.shorter(Duration.ofNanos(Math.max(0, remainingNanos(nowNanos))), timeout);
  }
}
