package io.beamline.worker.execution;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;
import org.springframework.retry.RetryPolicy;
import org.springframework.retry.context.RetryContextSupport;

/**
 * CP1: every failure is retried until the attempts are used up (contract section 5). What is no
 * failure of the step, such as an interruption or an {@link Error}, is not; nor is a failure that
 * allows no retry, nor what was cut with complete timeout on (W3-2.1).
 */
class Cp1RetryPolicy implements RetryPolicy {

  @Override
  public boolean canRetry(RetryContext context) {
    Throwable last = context.getLastThrowable();
    return last == null
        || (last instanceof StepFailure failure
            && mayRetry(StepContexts.stepOf(context), failure, context.getRetryCount()));
  }

  private static boolean mayRetry(Step step, StepFailure failure, int attempts) {
    boolean cut =
        step.flags().completeTimeout() && failure.error().code() == ErrorCode.CANCELLED_BY_TIMEOUT;
    return failure.isRetryAllowed() && !cut && attempts < step.limits().maxAttempts();
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
