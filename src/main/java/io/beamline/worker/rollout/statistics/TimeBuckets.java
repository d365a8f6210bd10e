package io.beamline.worker.rollout.statistics;

import java.time.Duration;
import java.util.stream.LongStream;

/**
 * A fixed logarithmic scale of times from 0.1 ms to an hour; a time differs by less than 5 % from
 * the value of its bucket. Pure.
 */
public final class TimeBuckets {

  private static final double RATIO = 1.1;
  private static final long MIN_NANOS = Duration.ofNanos(100_000).toNanos();
  private static final long MAX_NANOS = Duration.ofHours(1).toNanos();

  private static final long[] UPPER_BOUNDS =
      LongStream.iterate(
              MIN_NANOS, bound -> bound < MAX_NANOS * RATIO, bound -> Math.round(bound * RATIO))
          .toArray();

  /** Number of buckets; the last is for times beyond the scale. */
  public static final int COUNT = UPPER_BOUNDS.length + 1;

  private TimeBuckets() {}

  /**
   * Returns the bucket of a time in ns, 0 to {@link #COUNT} − 1; a shorter time is never in a
   * higher one.
   */
  public static int of(long nanos) {
    int low = 0;
    int high = UPPER_BOUNDS.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (nanos <= UPPER_BOUNDS[middle]) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Returns the representative time of a bucket, in ms: the geometric mean of its bounds. */
  public static double millis(int bucket) {
    if (bucket == 0) {
      return toMillis((double) UPPER_BOUNDS[0]);
    }
    double upper = UPPER_BOUNDS[Math.min(bucket, UPPER_BOUNDS.length - 1)];
    double lower = UPPER_BOUNDS[bucket - 1];
    return toMillis(Math.sqrt(lower * upper));
  }

  /** Returns the lower bound of a bucket, in ms; 0 for the first bucket. */
  public static double lowerBoundMillis(int bucket) {
    return bucket == 0 ? 0 : toMillis((double) UPPER_BOUNDS[bucket - 1]);
  }

  private static double toMillis(double nanos) {
    return nanos / Duration.ofMillis(1).toNanos();
  }
}
