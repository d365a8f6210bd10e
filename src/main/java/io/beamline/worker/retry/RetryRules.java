package io.beamline.worker.retry;

import io.beamline.worker.contract.StepError;
import java.time.Duration;

/**
 * The answers to the questions of {@link RetryDecision#of}, one set with advanced retry off and one
 * with it on (contract section 5). Implementations are immutable, and pure except for jitter.
 */
public sealed interface RetryRules permits Cp1RetryRules, AdvancedRetryRules {

  /** The rules with advanced retry off. */
  static RetryRules cp1() {
    return Cp1RetryRules.INSTANCE;
  }

  /**
   * The rules with advanced retry on.
   *
   * @param backoff the waits of steps whose assignment does not ask for a base delay
   */
  static RetryRules advanced(Retryability retryability, ExponentialBackoff backoff) {
    return new AdvancedRetryRules(retryability, backoff);
  }

  /** Returns the error with its {@code retryable} as these rules see it. */
  StepError judge(StepError error);

  /** Whether another attempt is worth while. */
  boolean isRetryable(FailedAttempt attempt);

  /** The attempts that the step may make in all. */
  int maxAttempts(FailedAttempt attempt);

  /** The wait before the next attempt, zero or more. */
  Duration waitAfter(FailedAttempt attempt);

  /** Whether the wait leaves time for another attempt. */
  boolean hasTimeFor(Duration wait, FailedAttempt attempt);

  /** Whether a step waits in its slot when no more steps may wait outside of one. */
  boolean keepsSlotWithoutRoom();
}
