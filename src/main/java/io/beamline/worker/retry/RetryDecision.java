package io.beamline.worker.retry;

import io.beamline.worker.contract.StepError;
import java.time.Duration;

/**
 * What follows a failed attempt (contract section 5). Immutable. Whatever ends the step, the last
 * real error is its result.
 */
public sealed interface RetryDecision {

  /** The detail of an error that names what ended the step although the error is retryable. */
  String STOPPED_BY = "stopped_by";

  /** The value of {@link #STOPPED_BY} when the retry budget is used up. */
  String RETRY_BUDGET = "retry_budget";

  /** The attempt's error, as reports, logs and, unless another attempt follows, the result show. */
  StepError error();

  /**
   * Decides what follows a failed attempt: the one place where it is decided. Each question comes
   * in its order, and the first that is answered with no ends the step.
   *
   * @param rules CP1's rules, or those of advanced retry
   */
  static RetryDecision of(FailedAttempt attempt, RetryRules rules) {
    StepError error = rules.judge(attempt.error());
    if (!attempt.retryAllowed() || !rules.isRetryable(attempt)) {
      return new NotRetryable(error);
    }
    if (attempt.number() >= rules.maxAttempts(attempt)) {
      return new AttemptsExhausted(error);
    }
    Duration wait = rules.waitAfter(attempt);
    if (!rules.hasTimeFor(wait, attempt)) {
      return new BudgetReached(error.withDetail(STOPPED_BY, RETRY_BUDGET));
    }
    return new Retry(error, wait, rules.keepsSlotWithoutRoom());
  }

  /**
   * Another attempt follows.
   *
   * @param delay the wait until it is queued, zero or more
   * @param keepsSlotWithoutRoom whether the step waits in its slot when no more steps may wait
   *     outside of one
   */
  record Retry(StepError error, Duration delay, boolean keepsSlotWithoutRoom)
      implements RetryDecision {

    /** Decides what follows when no more steps may wait without a slot. */
    public RetryDecision withoutRoom() {
      return keepsSlotWithoutRoom ? this : new NoRoomToWait(error);
    }
  }

  /** The step ends: another attempt could not succeed, or must not be made. */
  record NotRetryable(StepError error) implements RetryDecision {}

  /** The step ends: it has had all its attempts. */
  record AttemptsExhausted(StepError error) implements RetryDecision {}

  /** The step ends: the wait and another attempt would pass its retry budget (W3-1.4). */
  record BudgetReached(StepError error) implements RetryDecision {}

  /** The step ends: as many steps as may wait are waiting already. */
  record NoRoomToWait(StepError error) implements RetryDecision {}
}
