package io.beamline.worker.execution;

import io.beamline.worker.result.Answers;
import io.beamline.worker.suspect.SuspectStart.Recorded;
import io.beamline.worker.timeout.TimeSource;

/**
 * Ends steps that cannot continue because the worker shuts down (contract section 6). They are
 * handed back to the server. In core delivery, where that is not possible, they are cancelled.
 * Thread-safe.
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

  /** Starts the drain: the worker takes no more work. */
  public void begin() {
    begun = true;
  }

  /** Returns whether the drain has started. */
  public boolean hasBegun() {
    return begun;
  }

  /**
   * Hands back a step that has no result yet, or cancels it. If its block still runs, its outcome
   * is ignored. During a drain the recorded start of a suspect is taken back.
   */
  public void handBack(Step step) {
    if (canHandBack) {
      // First, so that the worker that gets the step next, as a rule, does not count this start.
      Recorded start = step.recordedStart();
      if (begun && start != null) {
        start.takeBack();
      }
      end.handBack(step);
    } else {
      end.end(step, state -> StepConclusion.cancelledByShutdown(), time.nanos());
    }
  }

  /** Hands back all remaining assignments without a result, including those that are not steps. */
  public void handBackRest() {
    if (canHandBack) {
      answers.handBackAll();
    }
  }
}
