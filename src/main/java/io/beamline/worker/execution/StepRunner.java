package io.beamline.worker.execution;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.observability.logging.IdentityFields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.retry.annotation.Retryable;

/**
 * Runs attempts. Not final and not sealed off, because spring-retry wraps it: each call runs one
 * attempt, and when it fails the policy has said whether another is to follow.
 */
class StepRunner {

  private static final Logger log = LoggerFactory.getLogger(StepRunner.class);

  /**
   * Runs the next attempt of a step on the calling thread.
   *
   * @throws StepFailure when it failed; {@link StepContexts#decisionOf} says what follows
   * @throws InterruptedException when the worker drains
   */
  @Retryable(interceptor = ExecutionConfiguration.RETRY_INTERCEPTOR)
  public Outputs execute(Step step) throws StepFailure, InterruptedException {
    try {
      return step.block().run(step.call());
    } catch (RuntimeException e) {
      IdentityFields.add(log.atError(), step.answer().identity())
          .addKeyValue("step_type", step.type())
          .setCause(e)
          .log("A block failed in a way it does not know");
      throw StepFailure.of(ErrorCode.INTERNAL_ERROR, "The block failed unexpectedly");
    }
  }
}
