package io.beamline.worker.intake;

import io.beamline.worker.block.BlockRegistry;
import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.RejectReason;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.contract.json.Decoded;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.result.Answer;
import io.beamline.worker.result.Answers;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Map;

/**
 * Rejects assignments that cannot become a step (contract section 2). Thread-safe.
 *
 * @param alsoResult whether a rejection has a result too, for Routers that read no acks
 */
record Refusals(
    Answers answers,
    BlockRegistry blocks,
    WorkerMetrics metrics,
    boolean alsoResult,
    TimeSource time) {

  /** Publishes the rejection of an assignment, and its result if one is wanted. */
  void reject(Answer answer, Decoded.Rejected rejected) {
    if (!alsoResult) {
      answers.reject(answer, rejected.reason(), rejected.detail(), null, false);
      return;
    }
    StepError error =
        StepError.of(
            code(rejected.reason()),
            "The assignment was rejected",
            Map.of("reason", rejected.reason().wireName()));
    ExecResult result = ExecResult.neverRan(answer.identity(), error, time.epochMillis());
    answers.reject(answer, rejected.reason(), rejected.detail(), null, false, result);
    AssignmentIdentity identity = answer.identity();
    metrics.stepEnded(
        blocks.canonical(String.valueOf(identity.jobType())),
        StepStatus.ERROR,
        false,
        Duration.ZERO,
        error.code(),
        String.valueOf(identity.tenantId()));
  }

  private static ErrorCode code(RejectReason reason) {
    return switch (reason) {
      case UNSUPPORTED_VERSION,
          INVALID_ASSIGNMENT,
          UNSUPPORTED_CHANNEL,
          UNSUPPORTED_JOB_TYPE,
          UNSUPPORTED_PAYLOAD_REF ->
          ErrorCode.INVALID_INPUT;
      case QUEUE_FULL, SHUTTING_DOWN -> ErrorCode.SYSTEM_OVERLOAD;
    };
  }
}
