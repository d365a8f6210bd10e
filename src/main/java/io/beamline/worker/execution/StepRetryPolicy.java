package io.beamline.worker.execution;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.retry.FailedAttempt;
import io.beamline.worker.retry.RetryDecision;
import io.beamline.worker.retry.RetryRules;
import io.beamline.worker.timeout.TimeSource;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;
import org.springframework.retry.RetryPolicy;

/**
 * Adapts {@link RetryDecision#of} to spring-retry: it decides once per failed attempt and stores
 * the decision in the retry context. Exceptions other than {@link StepFailure}, such as an
 * interrupt or an {@link Error}, are never retried. Thread-safe.
 */
final class StepRetryPolicy implements RetryPolicy {

  private final RetryRules rules;
  private final TimeSource time;

  StepRetryPolicy(RetryRules rules, TimeSource time) {
    this.rules = rules;
    this.time = time;
  }

  @Override
  public RetryContext open(@Nullable RetryContext parent) {
    return new StepRetryContext(parent);
  }

  @Override
  public void registerThrowable(RetryContext context, @Nullable Throwable thrown) {
    StepRetryContext retries = (StepRetryContext) context;
    retries.registerThrowable(thrown);
    retries.setDecision(
        thrown instanceof StepFailure failure
            ? RetryDecision.of(attempt(StepContexts.stepOf(context), failure), rules)
            : null);
  }

  @Override
  public boolean canRetry(RetryContext context) {
    return context.getLastThrowable() == null
        || ((StepRetryContext) context).decision() instanceof RetryDecision.Retry;
  }

  @Override
  public void close(RetryContext context) {}

  private FailedAttempt attempt(Step step, StepFailure failure) {
    return new FailedAttempt(
        step.type(),
        step.attempts(),
        step.budgetStartNanos(),
        failure.error(),
        failure.retryAfter(),
        failure.isRetryAllowed(),
        step.retryLimits(),
        time.nanos());
  }
}
