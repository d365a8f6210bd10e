package io.beamline.worker.execution;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.retry.Retryability;
import org.springframework.retry.RetryContext;

/**
 * Advanced retry: only failures that another attempt could mend (W3-1.3), until the attempts are
 * used up. The budget is checked where the wait is planned.
 */
final class Cp2RetryPolicy extends Cp1RetryPolicy {

  private final Retryability retryability;

  Cp2RetryPolicy(Retryability retryability) {
    this.retryability = retryability;
  }

  @Override
  public boolean canRetry(RetryContext context) {
    return super.canRetry(context)
        && (!(context.getLastThrowable() instanceof StepFailure failure)
            || retryability.isRetryable(failure.error()));
  }
}
