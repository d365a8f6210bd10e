package io.beamline.worker.rollout;

import io.beamline.worker.feature.FlagSnapshot;

/** A flag, and its bit in the set of flags that a step runs under. */
enum Flag {
  ADVANCED_RETRY(1),
  COMPLETE_TIMEOUT(2),
  QUEUE_MANAGEMENT(4);

  /** How many sets of flags there are. */
  static final int SETS = 8;

  private final int bit;

  Flag(int bit) {
    this.bit = bit;
  }

  int bit() {
    return bit;
  }

  /** Its name as a feature. */
  String feature() {
    return "CP2_" + name() + "_ENABLED";
  }

  /** The set of flags of a step, 0 to {@link #SETS} − 1. */
  static int set(FlagSnapshot flags, boolean queueManaged) {
    return (flags.advancedRetry() ? ADVANCED_RETRY.bit : 0)
        | (flags.completeTimeout() ? COMPLETE_TIMEOUT.bit : 0)
        | (queueManaged ? QUEUE_MANAGEMENT.bit : 0);
  }
}
