package io.beamline.worker.rollout;

import io.beamline.worker.feature.FlagSnapshot;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many steps that arrived since a change have no result yet, under each set of flags that is
 * decided per assignment. Thread-safe.
 */
final class Unended {

  private final AtomicLongArray counts = new AtomicLongArray(Flag.SETS);

  void arrived(FlagSnapshot flags) {
    counts.getAndIncrement(Flag.set(flags, false));
  }

  void left(FlagSnapshot flags) {
    counts.getAndDecrement(Flag.set(flags, false));
  }

  /** The counts by the set of flags, never below 0. */
  long[] read() {
    long[] copy = new long[Flag.SETS];
    for (int set = 0; set < copy.length; set++) {
      copy[set] = Math.max(0, counts.get(set));
    }
    return copy;
  }
}
