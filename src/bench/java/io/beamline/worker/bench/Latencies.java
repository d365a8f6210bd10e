package io.beamline.worker.bench;

import java.util.Arrays;

/**
 * How long each assignment of a round took from its publishing to its result.
 *
 * <p>Of none at all, each number is infinite.
 *
 * @param sortedNanos in order of length
 */
@SuppressWarnings("ArrayRecordComponent")
record Latencies(long[] sortedNanos) {

  static Latencies of(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Latencies(sorted);
  }

  /** Half of them took no longer, in ms. */
  double median() {
    return ms(sortedNanos.length / 2);
  }

  /** 95 of 100 took no longer, in ms. */
  double p95() {
    return ms(sortedNanos.length * 95 / 100);
  }

  /** 99 of 100 took no longer, in ms. */
  double p99() {
    return ms(sortedNanos.length * 99 / 100);
  }

  private double ms(int index) {
    return sortedNanos.length == 0 ? Double.POSITIVE_INFINITY : sortedNanos[index] / 1e6;
  }
}
