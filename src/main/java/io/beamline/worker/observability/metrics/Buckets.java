package io.beamline.worker.observability.metrics;

import java.time.Duration;
import java.util.stream.LongStream;

/** The histogram buckets that all meters of the worker share (contract section 10). */
final class Buckets {

  private static final long[] UPPER_BOUNDS_MILLIS = {
    1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000
  };

  private Buckets() {}

  /** Returns the upper bounds from 1 ms to 60 s, ascending. */
  static Duration[] latency() {
    return LongStream.of(UPPER_BOUNDS_MILLIS).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
