package io.beamline.worker.execution;

import io.beamline.worker.result.Answers;
import io.beamline.worker.timeout.TimeSource;

/**
 * What becomes of steps that cannot go on because the worker ends (contract section 6): handed back
 * to the server, or cancelled in core delivery, where there is nobody to hand them to. Thread-safe.
 */
public final class Drain {

  private final StepEnd end;
  private final Answers answers;
  private final boolean canHandBack;
  private final TimeSource time;
  private volatile boolean begun;

  Drain(StepEnd end, Answers answers, boolean canHandBack, TimeSource time) {
    this.end = end;
    this.answers = answers;
    this.canHandBack = canHandBack;
    this.time = time;
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
      end.handBack(step);
    } else {
      end.end(step, state -> StepConclusion.cancelledByShutdown(), time.nanos());
    }
  }

  /** Hands back what still has no result and is no step yet, or no more. */
  public void handBackRest() {
    if (canHandBack) {
      answers.handBackAll();
    }
  }
}
