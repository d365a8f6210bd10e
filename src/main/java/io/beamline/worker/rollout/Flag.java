package io.beamline.worker.rollout;

import io.beamline.worker.feature.FlagSnapshot;

/** A flag and its bit in a set of flags. A set is an int, 0 to {@link #SETS} − 1. */
enum Flag {
  ADVANCED_RETRY(1),
  COMPLETE_TIMEOUT(2),
  QUEUE_MANAGEMENT(4),
  CIRCUIT_BREAKER(8);

  /** The number of sets of flags. */
  static final int SETS = 16;

  private final int bit;

  Flag(int bit) {
    this.bit = bit;
  }

  int bit() {
    return bit;
  }

  /** Returns the name of the feature flag (contract section 5). */
  String feature() {
    return "CP2_" + name() + "_ENABLED";
  }

  /** Returns the set of flags that a step runs under. */
  static int set(FlagSnapshot flags, boolean queueManaged) {
    return (flags.advancedRetry() ? ADVANCED_RETRY.bit : 0)
        | (flags.completeTimeout() ? COMPLETE_TIMEOUT.bit : 0)
        | (queueManaged ? QUEUE_MANAGEMENT.bit : 0)
        | (flags.circuitBreaker() ? CIRCUIT_BREAKER.bit : 0);
  }
}
