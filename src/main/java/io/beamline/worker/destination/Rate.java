package io.beamline.worker.destination;

import java.time.Duration;

/**
 * The limit of attempts a second for one destination. The attempts are spread over the second. Not
 * thread-safe: the destination's lock guards it.
 */
final class Rate {

  /** Timers are late by about this much; what that costs is made up for. */
  private static final long LATE_NANOS = Duration.ofMillis(10).toNanos();

  private final long intervalNanos;
  private long nextNanos;

  /**
   * Creates a limit.
   *
   * @param aSecond the attempts a second, 1 or more
   * @param nowNanos the time, on the monotonic clock
   */
  Rate(int aSecond, long nowNanos) {
    intervalNanos = Duration.ofSeconds(1).toNanos() / aSecond;
    nextNanos = nowNanos;
  }

  /** Takes a permission, if there is one now. */
  boolean tryPermission(long nowNanos) {
    if (nextNanos - nowNanos > 0) {
      return false;
    }
    long late = Math.min(LATE_NANOS, nowNanos - nextNanos);
    nextNanos = nowNanos - late + intervalNanos;
    return true;
  }

  /** Returns the time until there is a permission, zero or more. */
  Duration untilNext(long nowNanos) {
    return Duration.ofNanos(Math.max(0, nextNanos - nowNanos));
  }
}
