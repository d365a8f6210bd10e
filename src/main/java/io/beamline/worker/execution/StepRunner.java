package io.beamline.worker.execution;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.observability.logging.IdentityFields;
import io.beamline.worker.observability.tracing.AttemptTrace;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.retry.annotation.Retryable;

/**
 * Runs attempts. The class is not final because spring-retry creates a subclass as a proxy. Each
 * call runs one attempt; if it fails, the policy has decided what follows.
 */
class StepRunner {

  private static final Logger log = LoggerFactory.getLogger(StepRunner.class);

  /**
   * Runs the next attempt of a step on the calling thread.
   *
   * @param trace the span of the attempt
   * @throws StepFailure if it failed; {@link StepContexts#decisionOf} returns what follows
   * @throws InterruptedException if the thread was interrupted by a drain or a cut
   */
  @Retryable(interceptor = ExecutionConfiguration.RETRY_INTERCEPTOR)
  public Outputs execute(Step step, AttemptTrace trace) throws StepFailure, InterruptedException {
    try {
      return checked(step, step.block().run(step.call(trace)));
    } catch (RuntimeException e) {
      IdentityFields.add(log.atError(), step.answer().identity())
          .addKeyValue("step_type", step.type())
          .setCause(e)
          .log("A block failed with an unexpected exception");
      throw StepFailure.of(ErrorCode.INTERNAL_ERROR, "The block failed unexpectedly");
    }
  }

  /** Refuses what a block of a plug-in may return and a result cannot show. */
  private static Outputs checked(Step step, @Nullable Outputs outputs) throws StepFailure {
    if (outputs != null && isObject(outputs)) {
      return outputs;
    }
    IdentityFields.add(log.atError(), step.answer().identity())
        .addKeyValue("step_type", step.type())
        .log("A block returned outputs that are no JSON object");
    throw StepFailure.of(ErrorCode.INTERNAL_ERROR, "The block returned no JSON object");
  }

  private static boolean isObject(Outputs outputs) {
    return switch (outputs) {
      case Outputs.Fields fields -> true;
      case Outputs.RawObject(RawJson json) -> json.isObject();
      case Outputs.Metered metered -> isObject(metered.outputs());
    };
  }
}
