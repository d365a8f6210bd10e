package io.beamline.worker.timeout;

import java.time.Duration;

/**
 * A point on the monotonic clock after which a step must not go on (W3-2.3). Immutable.
 *
 * @param bounded false for a deadline that never passes
 * @param atNanos the point, as {@link TimeSource#nanos()} counts; meaningless when not bounded
 */
public record Deadline(boolean bounded, long atNanos) {

  /** The longest time that {@link #remainingNanos} gives: about 146 years. */
  public static final long FOREVER_NANOS = Long.MAX_VALUE / 2;

  private static final Deadline NEVER = new Deadline(false, 0);

  /** The deadline that never passes. */
  public static Deadline never() {
    return NEVER;
  }

  /** The deadline that passes a time after a point on the monotonic clock. */
  public static Deadline after(long fromNanos, Duration time) {
    return new Deadline(true, fromNanos + time.toNanos());
  }

  /** Nanoseconds left: zero or negative once it has passed, {@link #FOREVER_NANOS} for never. */
  public long remainingNanos(long nowNanos) {
    return bounded ? atNanos - nowNanos : FOREVER_NANOS;
  }

  /** Whether it has passed. */
  public boolean passed(long nowNanos) {
    return remainingNanos(nowNanos) <= 0;
  }

  /** The shorter of a timeout and the time that is left; never negative. */
  public Duration cap(Duration timeout, long nowNanos) {
    if (!bounded) {
      return timeout;
    }
    return Durations.shorter(Duration.ofNanos(Math.max(0, remainingNanos(nowNanos))), timeout);
  }
}
