package io.beamline.worker.rollout;

import io.beamline.worker.feature.FlagSnapshot;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts the steps that arrived since a change and have not left yet, under each set of flags. The
 * flag of the queue is left out: it is not known at arrival. Thread-safe.
 */
final class InFlight {

  private final AtomicLongArray counts = new AtomicLongArray(Flag.SETS);

  void arrived(FlagSnapshot flags) {
    counts.getAndIncrement(Flag.set(flags, false));
  }

  void left(FlagSnapshot flags) {
    counts.getAndDecrement(Flag.set(flags, false));
  }

  /** Returns a copy of the counts, by the set of flags; none is below 0. */
  long[] read() {
    long[] copy = new long[Flag.SETS];
    for (int set = 0; set < copy.length; set++) {
      copy[set] = Math.max(0, counts.get(set));
    }
    return copy;
  }
}
