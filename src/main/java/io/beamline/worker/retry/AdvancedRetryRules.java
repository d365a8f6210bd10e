package io.beamline.worker.retry;

import io.beamline.worker.contract.StepError;
import java.time.Duration;

/**
 * Advanced retry: only failures that another attempt could mend (W3-1.3), growing waits (W3-1.1)
 * and a budget (W3-1.4).
 *
 * @param retryability which failures another attempt could mend
 * @param backoff the waits of steps whose assignment does not ask for a base delay
 */
record AdvancedRetryRules(Retryability retryability, ExponentialBackoff backoff)
    implements RetryRules {

  @Override
  public StepError judge(StepError error) {
    return error.withRetryable(retryability.isRetryable(error));
  }

  @Override
  public boolean isRetryable(FailedAttempt attempt) {
    return retryability.isRetryable(attempt.error());
  }

  @Override
  public int maxAttempts(FailedAttempt attempt) {
    return attempt.limits().maxAttempts();
  }

  @Override
  public Duration waitAfter(FailedAttempt attempt) {
    Duration base = attempt.limits().baseDelay();
    Duration wait = (base == null ? backoff : backoff.withBase(base)).before(attempt.number());
    Duration asked = attempt.retryAfter();
    return asked == null || asked.compareTo(wait) < 0 ? wait : asked;
  }

  @Override
  public boolean hasTimeFor(Duration wait, FailedAttempt attempt) {
    long remaining =
        attempt.limits().budgetEnd(attempt.firstStartNanos()).remainingNanos(attempt.nowNanos());
    return remaining > wait.toNanos();
  }

  @Override
  public boolean keepsSlotWithoutRoom() {
    return false;
  }
}
