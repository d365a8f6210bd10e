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
 * Ends assignments that were delivered too often, for example because each delivery kills its
 * worker (contract section 7). The worker checks the count itself, because a server that stops
 * delivering would not report it.
 */
public final class DeliveryLimit {

  private static final Logger log = LoggerFactory.getLogger(DeliveryLimit.class);

  /** A rolling update of a small fleet may cause this many deliveries. */
  private static final int LOW_MAX_DELIVER = 4;

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
    if (maxDeliver < LOW_MAX_DELIVER) {
      log.atWarn()
          .addKeyValue("max_deliver", maxDeliver)
          .log(
              "worker.nats.max-deliver is low: what workers hand back when they end counts as a delivery too");
    }
  }

  /**
   * Ends an assignment that was delivered too often, with a result and a dead letter. If there is
   * no memory for them, it is handed back.
   *
   * @return true if the assignment must not run
   */
  public boolean endIfExceeded(Answer answer) {
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
