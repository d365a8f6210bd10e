package io.beamline.worker.execution;

import io.beamline.worker.retry.RetryDecision;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;
import org.springframework.retry.policy.RetryContextCache;

/** Stores the retry context of a step in the step itself, so that it lives as long as the step. */
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
   * Returns the decision after the last attempt of a step. Only the thread that ran the attempt
   * calls this.
   *
   * @throws IllegalStateException if no decision was made about the attempt
   */
  static RetryDecision decisionOf(Step step) {
    RetryDecision decision =
        step.retryContext() instanceof StepRetryContext retries ? retries.decision() : null;
    if (decision == null) {
      throw new IllegalStateException("nothing was decided about the attempt");
    }
    return decision;
  }

  /** Returns the step of a retry context. */
  static Step stepOf(RetryContext context) {
    Object key = context.getAttribute(RetryContext.STATE_KEY);
    if (key instanceof Step step) {
      return step;
    }
    throw new IllegalStateException("a retry context without its step");
  }
}
