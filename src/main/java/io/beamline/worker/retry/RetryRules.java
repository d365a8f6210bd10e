package io.beamline.worker.retry;

import io.beamline.worker.contract.StepError;
import java.time.Duration;

/**
 * The rules that {@link RetryDecision#of} applies: one set with advanced retry off, one with it on
 * (contract section 5). Implementations are immutable. Only jitter makes their results vary.
 */
public sealed interface RetryRules permits Cp1RetryRules, AdvancedRetryRules {

  /** Returns the rules for advanced retry off. */
  static RetryRules cp1() {
    return Cp1RetryRules.INSTANCE;
  }

  /**
   * Returns the rules for advanced retry on.
   *
   * @param backoff the delays; an assignment's base delay, if it has one, replaces the base of it
   * @param overrides what differs for some types and statuses
   */
  static RetryRules advanced(
      Retryability retryability, ExponentialBackoff backoff, RetryOverrides overrides) {
    return new AdvancedRetryRules(retryability, backoff, overrides);
  }

  /** Returns the error as the result shows it, with {@code retryable} set by these rules. */
  StepError withRetryable(StepError error);

  /**
   * Returns whether these rules retry a failure of this kind, if attempts and time are left. The
   * rules of CP1 also retry errors that are not retryable.
   */
  boolean mayRetry(FailedAttempt attempt);

  /** Returns the most attempts of the step, including the first. */
  int maxAttempts(FailedAttempt attempt);

  /** Returns the delay before the next attempt, zero or more. */
  Duration delayAfter(FailedAttempt attempt);

  /** Returns whether the delay leaves time for another attempt. */
  boolean hasTimeFor(Duration delay, FailedAttempt attempt);

  /** Returns whether a step waits in its slot if the waiting room is full. */
  boolean waitsInSlotIfFull();
}
