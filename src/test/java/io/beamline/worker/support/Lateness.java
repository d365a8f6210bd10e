package io.beamline.worker.support;

import java.util.stream.LongStream;

/**
 * How long after their deadlines steps ended. Immutable.
 *
 * @param ended until the worker had their results
 * @param published until their results reached a subscriber
 */
public record Lateness(Times ended, Times published) {

  /** Times of many steps. */
  public static final class Times {

    private final long[] sorted;

    /** Takes times in ms, in any order, at least one. */
    Times(LongStream times) {
      sorted = times.sorted().toArray();
    }

    /** The 99th percentile, in ms. */
    public long p99() {
      return percentile(99);
    }

    private long percentile(int percent) {
      return sorted[(sorted.length - 1) * percent / 100];
    }

    @Override
    public String toString() {
      return "p50 %d ms, p99 %d ms, max %d ms".formatted(percentile(50), p99(), percentile(100));
    }
  }

  @Override
  public String toString() {
    return "ended late by " + ended + ", published late by " + published;
  }
}
