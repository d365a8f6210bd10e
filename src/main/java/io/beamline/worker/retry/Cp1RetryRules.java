package io.beamline.worker.retry;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import java.time.Duration;

/**
 * The rules of CP1: every failure is retried until the attempts are used up, without a budget. With
 * complete timeout on, an attempt that ended as CANCELLED_BY_TIMEOUT is not retried (W3-2.1).
 */
enum Cp1RetryRules implements RetryRules {
  INSTANCE;

  @Override
  public StepError withRetryable(StepError error) {
    return error;
  }

  @Override
  public boolean mayRetry(FailedAttempt attempt) {
    boolean completeTimeout = attempt.limits().deadline().bounded();
    return !completeTimeout || attempt.error().code() != ErrorCode.CANCELLED_BY_TIMEOUT;
  }

  @Override
  public int maxAttempts(FailedAttempt attempt) {
    return attempt.limits().maxAttempts();
  }

  @Override
  public Duration delayAfter(FailedAttempt attempt) {
    return LinearBackoff.CP1.delayBefore(attempt.number());
  }

  @Override
  public boolean hasTimeFor(Duration delay, FailedAttempt attempt) {
    return true;
  }

  @Override
  public boolean waitsInSlotIfFull() {
    return true;
  }
}
