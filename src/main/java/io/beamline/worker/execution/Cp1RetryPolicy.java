package io.beamline.worker.execution;

import io.beamline.worker.block.StepFailure;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;
import org.springframework.retry.RetryPolicy;
import org.springframework.retry.context.RetryContextSupport;

/**
 * CP1: every failure is retried until the attempts are used up (contract section 5). What is no
 * failure of the step, such as an interruption or an {@link Error}, is not.
 */
class Cp1RetryPolicy implements RetryPolicy {

  @Override
  public boolean canRetry(RetryContext context) {
    Throwable last = context.getLastThrowable();
    return last == null
        || (last instanceof StepFailure
            && context.getRetryCount() < StepContexts.stepOf(context).limits().maxAttempts());
  }

  @Override
  public RetryContext open(@Nullable RetryContext parent) {
    return new RetryContextSupport(parent);
  }

  @Override
  public void close(RetryContext context) {}

  @Override
  public void registerThrowable(RetryContext context, @Nullable Throwable throwable) {
    ((RetryContextSupport) context).registerThrowable(throwable);
  }
}
