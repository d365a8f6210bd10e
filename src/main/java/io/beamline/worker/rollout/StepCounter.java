package io.beamline.worker.rollout;

import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.rollout.statistics.TimeBuckets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts the outcomes and times of steps of one type under one set of flags. Takes about 2 KiB.
 * Thread-safe: several threads count at once.
 */
final class StepCounter {

  private final AtomicLongArray outcomes = new AtomicLongArray(OutcomeIndex.COUNT);
  private final AtomicLongArray times = new AtomicLongArray(TimeBuckets.COUNT);
  private final AtomicLong rejections = new AtomicLong();

  void ended(StepStatus status, int attempts, long nanos) {
    outcomes.getAndIncrement(OutcomeIndex.of(status, attempts));
    times.getAndIncrement(TimeBuckets.of(nanos));
  }

  void rejected() {
    rejections.getAndIncrement();
  }

  /**
   * Returns the counts so far. A step that ends meanwhile may be in one array and not yet in the
   * other.
   */
  Sample read() {
    return new Sample(copy(outcomes), copy(times), rejections.get());
  }

  private static long[] copy(AtomicLongArray counts) {
    long[] copy = new long[counts.length()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = counts.get(i);
    }
    return copy;
  }
}
