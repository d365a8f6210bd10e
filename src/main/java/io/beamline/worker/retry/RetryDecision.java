package io.beamline.worker.retry;

import io.beamline.worker.contract.StepError;
import java.time.Duration;

/**
 * The decision after a failed attempt (contract section 5). If no attempt follows, the result of
 * the step shows the error of this attempt, even if a limit ended the step. Immutable.
 */
public sealed interface RetryDecision {

  /** The key in {@code error.details} for the limit that kept a failed step from a retry. */
  String STOPPED_BY = "stopped_by";

  /** The value of {@link #STOPPED_BY} for the retry budget. */
  String RETRY_BUDGET = "retry_budget";

  /** Returns the error of the attempt for reports and logs, and for the result if the step ends. */
  StepError error();

  /**
   * Decides what follows a failed attempt. All such decisions are made here. The checks run in the
   * order of the code, and the first that fails ends the step.
   *
   * @param rules the rules of CP1 or of advanced retry
   */
  static RetryDecision of(FailedAttempt attempt, RetryRules rules) {
    StepError error = rules.withRetryable(attempt.error());
    if (!attempt.retryAllowed() || !rules.mayRetry(attempt)) {
      return new NotRetryable(error);
    }
    if (attempt.number() >= rules.maxAttempts(attempt)) {
      return new AttemptsExhausted(error);
    }
    Duration delay = rules.delayAfter(attempt);
    if (!rules.hasTimeFor(delay, attempt)) {
      return new BudgetReached(error.withDetail(STOPPED_BY, RETRY_BUDGET));
    }
    return new Retry(error, delay, rules.waitsInSlotIfFull());
  }

  /**
   * Another attempt follows.
   *
   * @param delay the delay until the step is queued, zero or more
   * @param waitsInSlotIfFull whether the step waits in its slot if the waiting room is full
   */
  record Retry(StepError error, Duration delay, boolean waitsInSlotIfFull)
      implements RetryDecision {

    /** Returns the decision for the case that the waiting room is full. */
    public RetryDecision ifWaitingRoomFull() {
      return waitsInSlotIfFull ? this : new WaitingRoomFull(error);
    }
  }

  /** The step ends: the failure is not retryable, or the block forbids another attempt. */
  record NotRetryable(StepError error) implements RetryDecision {}

  /** The step ends: all attempts are used up. */
  record AttemptsExhausted(StepError error) implements RetryDecision {}

  /** The step ends: the budget leaves no time for the delay and another attempt (W3-1.4). */
  record BudgetReached(StepError error) implements RetryDecision {}

  /** The step ends: no more steps may wait for a retry. */
  record WaitingRoomFull(StepError error) implements RetryDecision {}
}
