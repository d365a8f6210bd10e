package io.beamline.worker.rollout;

import io.beamline.worker.contract.StepStatus;

/** Maps a status and a number of attempts to an index of one array. */
final class OutcomeIndex {

  private static final int MAX_ATTEMPTS = 20;

  /** Distinct numbers of attempts: 0 to 20; higher numbers count as 20. */
  static final int ATTEMPTS = MAX_ATTEMPTS + 1;

  /** Size of the array. */
  static final int COUNT = StepStatus.values().length * ATTEMPTS;

  private OutcomeIndex() {}

  /** Returns the index, 0 to {@link #COUNT} − 1. */
  static int of(StepStatus status, int attempts) {
    return row(status) * ATTEMPTS + Math.min(attempts, MAX_ATTEMPTS);
  }

  private static int row(StepStatus status) {
    return switch (status) {
      case SUCCESS -> 0;
      case ERROR -> 1;
      case TIMEOUT -> 2;
      case CANCELLED -> 3;
    };
  }
}
