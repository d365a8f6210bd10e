package io.beamline.worker.execution;

import io.beamline.worker.retry.RetryDecision;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;
import org.springframework.retry.policy.RetryContextCache;

/** Keeps the retry context of a step in the step itself, so that it goes where the step goes. */
final class StepContexts implements RetryContextCache {

  @Override
  public @Nullable RetryContext get(Object key) {
    return ((Step) key).retryContext();
  }

  @Override
  public void put(Object key, RetryContext context) {
    ((Step) key).retryContext(context);
  }

  @Override
  public void remove(Object key) {
    ((Step) key).retryContext(null);
  }

  @Override
  public boolean containsKey(Object key) {
    return ((Step) key).retryContext() != null;
  }

  /**
   * What follows the last attempt of a step, on the thread that has run it.
   *
   * @throws IllegalStateException when that attempt is no failure that a retry policy has seen
   */
  static RetryDecision decisionOf(Step step) {
    RetryDecision decision =
        step.retryContext() instanceof StepRetryContext retries ? retries.decision() : null;
    if (decision == null) {
      throw new IllegalStateException("nothing was decided about the attempt");
    }
    return decision;
  }

  /** The step that a retry context belongs to. */
  static Step stepOf(RetryContext context) {
    Object key = context.getAttribute(RetryContext.STATE_KEY);
    if (key instanceof Step step) {
      return step;
    }
    throw new IllegalStateException("a retry context without its step");
  }
}
