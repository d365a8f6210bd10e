package io.beamline.worker.execution;

/** Why a step ended; logs and metrics depend on it. */
enum EndReason {
  /** Its block succeeded. */
  SUCCEEDED,
  /** Another attempt could not succeed, or must not be made. */
  NOT_RETRYABLE,
  /** It has had all its attempts. */
  ATTEMPTS_EXHAUSTED,
  /** Its retry budget is used up. */
  BUDGET_REACHED,
  /** As many steps as may wait for a retry are waiting already. */
  WAITING_ROOM_FULL,
  /** Its deadline passed while it waited for a slot. */
  DEADLINE_IN_QUEUE,
  /** Its deadline passed while it ran or waited for a retry. */
  DEADLINE,
  /** Its block, or the worker, failed in a way that nobody expects. */
  DIED,
  /** A full queue had no room for it, or dropped it for a newcomer. */
  DROPPED,
  /** It was cancelled. */
  CANCELLED;

  /** Whether its last attempt failed by itself, and no other follows. */
  boolean isAttemptsFailure() {
    return switch (this) {
      case NOT_RETRYABLE, ATTEMPTS_EXHAUSTED, BUDGET_REACHED, WAITING_ROOM_FULL -> true;
      default -> false;
    };
  }

  /** Whether its deadline ended it, and not a timeout of one operation. */
  boolean isDeadline() {
    return this == DEADLINE || this == DEADLINE_IN_QUEUE;
  }
}
