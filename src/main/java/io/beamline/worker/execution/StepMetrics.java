package io.beamline.worker.execution;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ErrorType;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.observability.metrics.RetryOutcome;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.rollout.RolloutRecorder;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;

/** Records the metrics of steps, depending on their flags (contract section 10). Thread-safe. */
final class StepMetrics {

  private static final String TIMEOUT_TYPE = "timeout_type";

  private final WorkerMetrics metrics;
  private final RolloutRecorder rollout;
  private final TimeSource time;

  StepMetrics(WorkerMetrics metrics, RolloutRecorder rollout, TimeSource time) {
    this.metrics = metrics;
    this.rollout = rollout;
    this.time = time;
  }

  /** Records a failed attempt. */
  void attemptFailed(Step step, StepError error) {
    if (step.flags().advancedRetry()) {
      metrics.attemptFailed(step.type(), error.code(), error.retryable());
    }
    if (step.flags().completeTimeout()) {
      attemptTimedOut(error);
    }
  }

  /** Records that a step waits for its next attempt. */
  void waitsForRetry(Step step, Duration wait) {
    if (step.flags().advancedRetry()) {
      metrics.retryWaits(step.type(), wait);
    }
  }

  /** Records the result of an accepted step. */
  void ended(Step step, StepConclusion conclusion) {
    answered(step, conclusion);
    rollout.ended(
        step.type(),
        step.flags(),
        step.queueOverload() != null,
        conclusion.outcome().status(),
        step.attempts(),
        step.arrivedNanos());
  }

  /** Records that the destination's retry budget kept a step from a retry. */
  void retrySuppressed(Step step) {
    metrics.retrySuppressed(step.type());
  }

  /** Records that a full queue rejected or dropped a step. */
  void rejected(Step step) {
    rollout.rejected(step.type(), step.flags());
  }

  /** Records that a step has ended, with or without a result. Called once per step. */
  void stepLeft(Step step) {
    rollout.left(step.flags(), step.arrivedNanos());
  }

  /** Records the result of a step, accepted or rejected. */
  void answered(Step step, StepConclusion conclusion) {
    StepOutcome outcome = conclusion.outcome();
    long now = time.nanos();
    ExecAssignment assignment = step.assignment();
    StepError error = conclusion.error();
    metrics.stepEnded(
        step.type(),
        outcome.status(),
        step.isCp2(),
        step.runTime(now),
        error == null ? null : error.code(),
        assignment.tenantId());
    if (assignment.correlation().flowId() != null) {
      metrics.flowStepEnded(step.age(now));
    }
    if (step.flags().advancedRetry()) {
      retryEnded(step, conclusion);
    }
    if (error != null && error.type() == ErrorType.PROVIDER_UNAVAILABLE) {
      metrics.circuitRejected(step.type());
    }
    deadline(step, conclusion, now);
  }

  private void retryEnded(Step step, StepConclusion conclusion) {
    StepError last = step.lastError();
    if (last != null) {
      metrics.retryEnded(step.type(), last.code(), outcome(conclusion, last));
    }
  }

  /** Returns the {@code outcome} of a step that failed at least once (contract section 10). */
  static RetryOutcome outcome(StepConclusion conclusion, StepError last) {
    return switch (conclusion.reason()) {
      case SUCCEEDED -> RetryOutcome.RECOVERED;
      case ATTEMPTS_EXHAUSTED, WAITING_ROOM_FULL, RETRY_SUPPRESSED -> RetryOutcome.EXHAUSTED;
      case BUDGET_REACHED, DEADLINE, DEADLINE_IN_QUEUE -> RetryOutcome.BUDGET;
      case NOT_RETRYABLE ->
          wasCutAtDeadline(last) ? RetryOutcome.BUDGET : RetryOutcome.NOT_RETRYABLE;
      case CIRCUIT_OPEN, DIED, DELIVERED_TOO_OFTEN, QUEUE_FULL, CANCELLED, CANCELLED_ON_REQUEST ->
          last.retryable() ? RetryOutcome.EXHAUSTED : RetryOutcome.NOT_RETRYABLE;
    };
  }

  /** Returns whether the block ended at the step's deadline, not at the timeout of an operation. */
  private static boolean wasCutAtDeadline(StepError error) {
    return error.code() == ErrorCode.CANCELLED_BY_TIMEOUT
        && !error.detail(TIMEOUT_TYPE).equals("operation");
  }

  /**
   * Records the end at a deadline. Failed attempts were counted when they failed, so only ends
   * between attempts are counted here.
   */
  private void deadline(Step step, StepConclusion conclusion, long now) {
    Deadline deadline = step.limits().deadline();
    StepError error = conclusion.error();
    if (!deadline.bounded() || error == null) {
      return;
    }
    boolean ended = conclusion.reason().isDeadline();
    if (ended) {
      PassedLimit limit = PassedLimit.ofStep(step, conclusion.reason(), now);
      metrics.timedOut(limit.operationType(), limit.timeoutType());
    }
    long late = -deadline.remainingNanos(now);
    if (late > 0 && (ended || error.status() == StepStatus.TIMEOUT)) {
      metrics.endedLate(Duration.ofNanos(late));
    }
  }

  private void attemptTimedOut(StepError error) {
    if (error.status() == StepStatus.TIMEOUT && !error.detail(TIMEOUT_TYPE).isEmpty()) {
      metrics.timedOut(error.detail("operation_type"), error.detail(TIMEOUT_TYPE));
    }
  }
}
