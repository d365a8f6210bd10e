package io.beamline.worker.retry;

import io.beamline.worker.contract.StepError;
import java.time.Duration;

/**
 * The rules of advanced retry: only retryable failures are retried (W3-1.3), delays grow (W3-1.1),
 * and the total time has a budget (W3-1.4).
 *
 * @param retryability decides which failures are retryable
 * @param backoff the delays; an assignment's base delay, if it has one, replaces the base of it
 * @param overrides what differs for some types and statuses; the assignment wins over it
 */
record AdvancedRetryRules(
    Retryability retryability, ExponentialBackoff backoff, RetryOverrides overrides)
    implements RetryRules {

  @Override
  public StepError withRetryable(StepError error) {
    return error.withRetryable(retryability.isRetryable(error));
  }

  @Override
  public boolean mayRetry(FailedAttempt attempt) {
    return retryability.isRetryable(attempt.error());
  }

  @Override
  public int maxAttempts(FailedAttempt attempt) {
    RetryLimits limits = attempt.limits();
    Integer other = overrideOf(attempt).maxAttempts();
    return other == null || limits.attemptsFromAssignment() ? limits.maxAttempts() : other;
  }

  @Override
  public Duration delayAfter(FailedAttempt attempt) {
    Duration base = attempt.limits().baseDelay();
    ExponentialBackoff delays = overrideOf(attempt).applyTo(backoff);
    Duration delay = (base == null ? delays : delays.withBase(base)).delayBefore(attempt.number());
    Duration retryAfter = attempt.retryAfter();
    return retryAfter == null || retryAfter.compareTo(delay) < 0 ? delay : retryAfter;
  }

  private RetryOverride overrideOf(FailedAttempt attempt) {
    return overrides.of(attempt.stepType(), attempt.error().httpStatus());
  }

  @Override
  public boolean hasTimeFor(Duration delay, FailedAttempt attempt) {
    long remaining =
        attempt.limits().budgetEnd(attempt.firstStartNanos()).remainingNanos(attempt.nowNanos());
    return remaining > delay.toNanos();
  }

  @Override
  public boolean waitsInSlotIfFull() {
    return false;
  }
}
