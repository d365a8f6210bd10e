package io.beamline.worker.rollout;

import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.rollout.statistics.TimeBuckets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts the steps of one type under one set of flags. Thread-safe; about 2 KiB. */
final class Cell {

  private final AtomicLongArray endings = new AtomicLongArray(EndIndex.COUNT);
  private final AtomicLongArray times = new AtomicLongArray(TimeBuckets.COUNT);
  private final AtomicLong rejections = new AtomicLong();

  void ended(StepStatus status, int attempts, long nanos) {
    endings.getAndIncrement(EndIndex.place(status, attempts));
    times.getAndIncrement(TimeBuckets.of(nanos));
  }

  void rejected() {
    rejections.getAndIncrement();
  }

  /** What was counted so far; steps that end meanwhile may be half in it. */
  Sample read() {
    return new Sample(copy(endings), copy(times), rejections.get());
  }

  private static long[] copy(AtomicLongArray counts) {
    long[] copy = new long[counts.length()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = counts.get(i);
    }
    return copy;
  }
}
