package io.beamline.worker.execution;

/** Why a step ended, for logs and metrics. */
enum EndReason {
  /** Its block succeeded. */
  SUCCEEDED,
  /** Its failure is not retryable, or the block forbade another attempt. */
  NOT_RETRYABLE,
  /** All its attempts are used up. */
  ATTEMPTS_EXHAUSTED,
  /** Its retry budget is used up. */
  BUDGET_REACHED,
  /** No more steps may wait for a retry. */
  WAITING_ROOM_FULL,
  /** The retry budget of its destination is used up. */
  RETRY_SUPPRESSED,
  /** The circuit breaker of its destination is open. */
  CIRCUIT_OPEN,
  /** Its deadline passed while it waited for a slot. */
  DEADLINE_IN_QUEUE,
  /** Its deadline passed while it ran or waited for a retry. */
  DEADLINE,
  /** Its block or the worker failed unexpectedly. */
  DIED,
  /** It may have been the death of too many workers, and is not run again. */
  DELIVERED_TOO_OFTEN,
  /** Its queue was full and rejected it, or dropped it for a newer step. */
  QUEUE_FULL,
  /** The worker shut down in core delivery. */
  CANCELLED,

  /** It was cancelled on request. */
  CANCELLED_ON_REQUEST;

  /** Returns whether its last attempt failed by itself and is not retried. */
  boolean isAttemptFailure() {
    return switch (this) {
      case NOT_RETRYABLE, ATTEMPTS_EXHAUSTED, BUDGET_REACHED, WAITING_ROOM_FULL, RETRY_SUPPRESSED ->
          true;
      default -> false;
    };
  }

  /** Returns whether the step's deadline ended it, not the timeout of an operation. */
  boolean isDeadline() {
    return this == DEADLINE || this == DEADLINE_IN_QUEUE;
  }
}
