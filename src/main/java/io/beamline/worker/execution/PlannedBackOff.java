package io.beamline.worker.execution;

import io.beamline.worker.retry.Backoff;
import org.springframework.retry.RetryContext;
import org.springframework.retry.backoff.BackOffContext;
import org.springframework.retry.backoff.BackOffPolicy;

/** Plans the wait before the next attempt instead of sleeping: the step waits without a thread. */
final class PlannedBackOff implements BackOffPolicy {

  private final Backoff backoff;

  PlannedBackOff(Backoff backoff) {
    this.backoff = backoff;
  }

  @Override
  public BackOffContext start(RetryContext context) {
    return new StepBackOff(context);
  }

  @Override
  public void backOff(BackOffContext context) {
    RetryContext retries = ((StepBackOff) context).retries();
    StepContexts.stepOf(retries).planRetry(backoff.before(retries.getRetryCount()));
  }

  private record StepBackOff(RetryContext retries) implements BackOffContext {}
}
