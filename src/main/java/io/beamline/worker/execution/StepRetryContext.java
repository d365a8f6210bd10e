package io.beamline.worker.execution;

import io.beamline.worker.retry.RetryDecision;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;
import org.springframework.retry.context.RetryContextSupport;

/**
 * The retry context of one step, with the decision after its last attempt. Only the thread that
 * runs an attempt uses it.
 */
final class StepRetryContext extends RetryContextSupport {

  private @Nullable RetryDecision decision;

  StepRetryContext(@Nullable RetryContext parent) {
    super(parent);
  }

  /** Sets the decision; null if the exception is not a failure of the step. */
  void setDecision(@Nullable RetryDecision taken) {
    decision = taken;
  }

  /**
   * Returns the decision after the last attempt; null if it has not failed, or it died or was
   * interrupted.
   */
  @Nullable RetryDecision decision() {
    return decision;
  }
}
