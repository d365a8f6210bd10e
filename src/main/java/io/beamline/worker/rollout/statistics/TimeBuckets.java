package io.beamline.worker.rollout.statistics;

import java.time.Duration;
import java.util.stream.LongStream;

/**
 * A fixed logarithmic scale of times from 0.1 ms to an hour; a time differs by less than 5 % from
 * the value of its bucket. Pure.
 */
public final class TimeBuckets {

  private static final double RATIO = 1.1;
  private static final long LEAST_NANOS = Duration.ofNanos(100_000).toNanos();
  private static final long MOST_NANOS = Duration.ofHours(1).toNanos();

  private static final long[] UPPER_BOUNDS =
      LongStream.iterate(
              LEAST_NANOS, bound -> bound < MOST_NANOS * RATIO, bound -> Math.round(bound * RATIO))
          .toArray();

  /** How many buckets there are; the last is for what takes longer than the scale. */
  public static final int COUNT = UPPER_BOUNDS.length + 1;

  private TimeBuckets() {}

  /** The bucket of a time, 0 to {@link #COUNT} − 1; a shorter time is never in a higher one. */
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

  /** The value that stands for the times of a bucket, in ms: the geometric mean of its bounds. */
  public static double millis(int bucket) {
    if (bucket == 0) {
      return toMillis((double) UPPER_BOUNDS[0]);
    }
    double upper = UPPER_BOUNDS[Math.min(bucket, UPPER_BOUNDS.length - 1)];
    double lower = UPPER_BOUNDS[bucket - 1];
    return toMillis(Math.sqrt(lower * upper));
  }

  /** The time above which everything is in this bucket or a higher one, in ms; of the first, 0. */
  public static double lowerBoundMillis(int bucket) {
    return bucket == 0 ? 0 : toMillis((double) UPPER_BOUNDS[bucket - 1]);
  }

  private static double toMillis(double nanos) {
    return nanos / Duration.ofMillis(1).toNanos();
  }
}
