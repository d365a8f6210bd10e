package io.beamline.worker.execution;

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

  /** The step that a retry context belongs to. */
  static Step stepOf(RetryContext context) {
    Object key = context.getAttribute(RetryContext.STATE_KEY);
    if (key instanceof Step step) {
      return step;
    }
    throw new IllegalStateException("a retry context without its step");
  }
}
