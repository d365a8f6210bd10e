package io.beamline.worker.contract;

/** How a step ended: with outputs or with an error. Immutable. */
public sealed interface StepOutcome {

  /** Returns the {@code status} of the step's result. */
  StepStatus status();

  /**
   * The block succeeded.
   *
   * @param outputs what it returned
   */
  record Success(Outputs outputs) implements StepOutcome {
    @Override
    public StepStatus status() {
      return StepStatus.SUCCESS;
    }
  }

  /**
   * The step failed.
   *
   * @param error the last error of an attempt, or the timeout or cancellation that ended the step
   */
  record Failure(StepError error) implements StepOutcome {
    @Override
    public StepStatus status() {
      return error.status();
    }
  }
}
