package io.beamline.worker.execution;

import io.beamline.worker.retry.RetryDecision;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;
import org.springframework.retry.context.RetryContextSupport;

/**
 * The retry context of one step, which keeps what was decided about its last attempt. Used by the
 * thread that runs an attempt of the step.
 */
final class StepRetryContext extends RetryContextSupport {

  private @Nullable RetryDecision decision;

  StepRetryContext(@Nullable RetryContext parent) {
    super(parent);
  }

  /** Keeps a decision; null when what was thrown is no failure that a step may retry. */
  void decided(@Nullable RetryDecision taken) {
    decision = taken;
  }

  /** What follows the last attempt; null when none has failed, or it died or was interrupted. */
  @Nullable RetryDecision decision() {
    return decision;
  }
}
