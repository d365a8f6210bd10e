package io.beamline.worker.execution;

import io.beamline.worker.contract.StepError;
import io.beamline.worker.retry.Retryability;

/** Says in an error whether the settings hold it for retryable, with advanced retry on. Pure. */
record Judgement(Retryability retryability) {

  StepError of(Step step, StepError error) {
    return step.flags().advancedRetry()
        ? error.withRetryable(retryability.isRetryable(error))
        : error;
  }
}
