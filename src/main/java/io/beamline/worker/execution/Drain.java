package io.beamline.worker.execution;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.result.Answers;

/**
 * What becomes of steps that cannot go on because the worker ends (contract section 6): handed back
 * to the server, or cancelled in core delivery, where there is nobody to hand them to. Thread-safe.
 */
public final class Drain {

  private final StepEnd end;
  private final Answers answers;
  private final boolean canHandBack;
  private volatile boolean begun;

  Drain(StepEnd end, Answers answers, boolean canHandBack) {
    this.end = end;
    this.answers = answers;
    this.canHandBack = canHandBack;
  }

  /** The worker takes no more work. */
  public void begin() {
    begun = true;
  }

  /** Whether the worker takes no more work. */
  public boolean hasBegun() {
    return begun;
  }

  /**
   * Hands back a step that has no result yet, or cancels it. The step may still run: what it ends
   * with comes too late.
   */
  public void handBack(Step step) {
    if (canHandBack) {
      step.handBack();
    } else {
      StepError error = StepError.of(ErrorCode.CANCELLED_BY_USER, "The worker shuts down");
      end.ended(step, new StepOutcome.Failure(error));
    }
  }

  /** Hands back what still has no result and is no step yet, or no more. */
  public void handBackRest() {
    if (canHandBack) {
      answers.handBackAll();
    }
  }
}
