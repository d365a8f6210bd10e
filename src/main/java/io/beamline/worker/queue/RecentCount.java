package io.beamline.worker.queue;

import java.time.Duration;

/**
 * How much a total has grown within a time that ends now. It remembers what it was asked before, so
 * it is exact to an eighth of that time if it is asked often. Used by one thread.
 */
final class RecentCount {

  /** A sample is kept each time that this part (1/8) of the period has passed. */
  private static final int PARTS = 8;

  private static final int SAMPLES = PARTS + 2;

  private final long periodNanos;
  private final long[] times = new long[SAMPLES];
  private final long[] totals = new long[SAMPLES];
  private long kept;

  /**
   * Creates it without samples.
   *
   * @param period the time that is looked at, 0 or more; with 0 nothing is ever counted
   */
  RecentCount(Duration period) {
    this.periodNanos = period.toNanos();
  }

  /**
   * Returns the growth within the period. If the last sample is older, returns the part of the
   * growth since then that falls to the period; if none is as old, the growth since the first one.
   *
   * @param nowNanos the time on the monotonic clock, never before that of the last call
   * @param total the total now, never less than at the last call
   */
  int upTo(long nowNanos, long total) {
    if (periodNanos == 0) {
      return 0;
    }
    keep(nowNanos, total);
    long oldest = Math.max(0, kept - SAMPLES);
    for (long sample = kept - 1; sample > oldest; sample--) {
      if (age(sample, nowNanos) >= periodNanos) {
        return since(sample, nowNanos, total);
      }
    }
    return since(oldest, nowNanos, total);
  }

  private void keep(long nowNanos, long total) {
    if (kept == 0 || age(kept - 1, nowNanos) >= periodNanos / PARTS) {
      times[at(kept)] = nowNanos;
      totals[at(kept)] = total;
      kept++;
    }
  }

  private int since(long sample, long nowNanos, long total) {
    long growth = total - totals[at(sample)];
    long age = Math.max(age(sample, nowNanos), periodNanos);
    return (int) Math.min(Integer.MAX_VALUE, growth * ((double) periodNanos / age));
  }

  private long age(long sample, long nowNanos) {
    return nowNanos - times[at(sample)];
  }

  private static int at(long sample) {
    return (int) (sample % SAMPLES);
  }
}
