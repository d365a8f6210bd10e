package io.beamline.worker.contract;

/** How a step ended: with outputs or with an error. */
public sealed interface StepOutcome {

  /** The {@code status} of the step's result. */
  StepStatus status();

  /** The block succeeded with these outputs. */
  record Success(Outputs outputs) implements StepOutcome {
    @Override
    public StepStatus status() {
      return StepStatus.SUCCESS;
    }
  }

  /** The step failed; the error is the last real one, or the timeout that cut it. */
  record Failure(StepError error) implements StepOutcome {
    @Override
    public StepStatus status() {
      return error.status();
    }
  }
}
