package io.beamline.worker.execution;

import io.beamline.worker.block.BlockRegistry;
import io.beamline.worker.contract.DeadLetter;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.result.Answer;
import io.beamline.worker.result.Answers;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends assignments that were delivered too often, as one does that kills its worker each time
 * (contract section 7). The worker counts, because a server that stops delivering says nothing.
 */
public final class DeliveryLimit {

  private static final Logger log = LoggerFactory.getLogger(DeliveryLimit.class);

  /** A rolling update of a small fleet takes so many. */
  private static final int FEW = 4;

  private final int maxDeliver;
  private final Answers answers;
  private final BlockRegistry blocks;
  private final WorkerMetrics metrics;
  private final TimeSource time;

  DeliveryLimit(
      int maxDeliver,
      Answers answers,
      BlockRegistry blocks,
      WorkerMetrics metrics,
      TimeSource time) {
    this.maxDeliver = maxDeliver;
    this.answers = answers;
    this.blocks = blocks;
    this.metrics = metrics;
    this.time = time;
    if (maxDeliver < FEW) {
      log.atWarn()
          .addKeyValue("max_deliver", maxDeliver)
          .log(
              "worker.nats.max-deliver is low: what workers hand back when they end counts as a delivery too");
    }
  }

  /**
   * Whether the assignment was delivered too often, so that it must not run. Then it has its result
   * and dead letter, or was handed back because there is no memory for them.
   */
  public boolean exceeded(Answer answer) {
    long count = answer.delivery().count();
    if (count <= maxDeliver) {
      return false;
    }
    StepError error =
        StepError.of(
            ErrorCode.INTERNAL_ERROR,
            "The assignment was delivered too often",
            Map.of("deliveries", count, "max_deliver", maxDeliver));
    ExecResult result = ExecResult.neverRan(answer.identity(), error, time.epochMillis());
    if (answers.finish(answer, result, false, DeadLetter.Reason.MAX_DELIVER) != null) {
      metrics.stepEnded(
          blocks.canonical(String.valueOf(answer.identity().jobType())),
          StepStatus.ERROR,
          false,
          Duration.ZERO,
          error.code(),
          String.valueOf(answer.identity().tenantId()));
    }
    return true;
  }
}
