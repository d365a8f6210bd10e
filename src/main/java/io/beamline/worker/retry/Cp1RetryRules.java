package io.beamline.worker.retry;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import java.time.Duration;

/**
 * CP1: every failure is retried until the attempts are used up, without a budget. With complete
 * timeout on, what was cut by a timeout of its own is not (W3-2.1).
 */
enum Cp1RetryRules implements RetryRules {
  INSTANCE;

  @Override
  public StepError judge(StepError error) {
    return error;
  }

  @Override
  public boolean isRetryable(FailedAttempt attempt) {
    boolean completeTimeout = attempt.limits().deadline().bounded();
    return !completeTimeout || attempt.error().code() != ErrorCode.CANCELLED_BY_TIMEOUT;
  }

  @Override
  public int maxAttempts(FailedAttempt attempt) {
    return attempt.limits().maxAttempts();
  }

  @Override
  public Duration waitAfter(FailedAttempt attempt) {
    return LinearBackoff.CP1.before(attempt.number());
  }

  @Override
  public boolean hasTimeFor(Duration wait, FailedAttempt attempt) {
    return true;
  }

  @Override
  public boolean keepsSlotWithoutRoom() {
    return true;
  }
}
