package io.beamline.worker.execution;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.retry.Backoff;
import io.beamline.worker.retry.RetryBudget;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;
import org.springframework.retry.backoff.BackOffContext;
import org.springframework.retry.backoff.BackOffPolicy;

/**
 * Plans the wait before the next attempt instead of sleeping: the step waits without a thread.
 * Where a step has a budget that the wait would pass, it ends the step at once instead (W3-1.4).
 */
final class PlannedBackOff implements BackOffPolicy {

  private final Function<Step, Backoff> backoffs;
  private final TimeSource time;

  PlannedBackOff(Function<Step, Backoff> backoffs, TimeSource time) {
    this.backoffs = backoffs;
    this.time = time;
  }

  @Override
  public BackOffContext start(RetryContext context) {
    return new StepBackOff(context);
  }

  @Override
  public void backOff(BackOffContext context) {
    RetryContext retries = ((StepBackOff) context).retries();
    Step step = StepContexts.stepOf(retries);
    Duration wait = backoffs.apply(step).before(retries.getRetryCount());
    RetryBudget budget = step.budget();
    if (budget != null) {
      wait = longer(wait, retryAfter(retries.getLastThrowable()));
      if (!budget.allows(wait, time.nanos())) {
        retries.setExhaustedOnly();
        step.exhaustBudget();
        return;
      }
    }
    step.planRetry(wait);
  }

  private static Duration longer(Duration wait, @Nullable Duration asked) {
    return asked != null && asked.compareTo(wait) > 0 ? asked : wait;
  }

  private static @Nullable Duration retryAfter(@Nullable Throwable last) {
    return last instanceof StepFailure failure ? failure.retryAfter() : null;
  }

  private record StepBackOff(RetryContext retries) implements BackOffContext {}
}
