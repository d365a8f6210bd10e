package io.beamline.worker.rollout;

import io.beamline.worker.contract.StepStatus;

/** How steps end, and after how many attempts, as places in one array. */
final class EndIndex {

  private static final int MOST_ATTEMPTS = 20;

  /** Numbers of attempts that are told apart, from 0 on. */
  static final int ATTEMPTS = MOST_ATTEMPTS + 1;

  /** Places in all. */
  static final int COUNT = StepStatus.values().length * ATTEMPTS;

  private EndIndex() {}

  /** The place of steps that end so. */
  static int place(StepStatus status, int attempts) {
    return row(status) * ATTEMPTS + Math.min(attempts, MOST_ATTEMPTS);
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
