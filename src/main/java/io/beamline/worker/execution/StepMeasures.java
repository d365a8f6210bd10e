package io.beamline.worker.execution;

import io.beamline.worker.contract.ErrorCode;
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

/** Counts and measures steps as their flags say (contract section 10). Thread-safe. */
final class StepMeasures {

  private static final String TIMEOUT_TYPE = "timeout_type";

  private final WorkerMetrics metrics;
  private final RolloutRecorder rollout;
  private final TimeSource time;

  StepMeasures(WorkerMetrics metrics, RolloutRecorder rollout, TimeSource time) {
    this.metrics = metrics;
    this.rollout = rollout;
    this.time = time;
  }

  /** An attempt failed. */
  void attemptFailed(Step step, StepError error) {
    if (step.flags().advancedRetry()) {
      metrics.attemptFailed(step.type(), error.code(), error.retryable());
    }
    if (step.flags().completeTimeout()) {
      attemptTimedOut(error);
    }
  }

  /** A step waits for its next attempt. */
  void waitsForRetry(Step step, Duration wait) {
    if (step.flags().advancedRetry()) {
      metrics.retryWaits(step.type(), wait);
    }
  }

  /** A step that was taken has a result. */
  void ended(Step step, StepConclusion conclusion) {
    answered(step, conclusion);
    rollout.ended(
        step.type(),
        step.flags(),
        step.queueTicket() != null,
        conclusion.outcome().status(),
        step.attempts(),
        step.arrivedNanos());
  }

  /** A full queue had no room for a step, or dropped it again. */
  void rejected(Step step) {
    rollout.rejected(step.type(), step.flags());
  }

  /** A step is no longer here, whether it has a result or was given to others; once per step. */
  void left(Step step) {
    rollout.left(step.flags(), step.arrivedNanos());
  }

  /** A step has a result, whether it was taken or not. */
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
    deadline(step, conclusion, now);
  }

  private void retryEnded(Step step, StepConclusion conclusion) {
    StepError last = step.lastError();
    if (last != null) {
      metrics.retryEnded(step.type(), last.code(), outcome(conclusion, last));
    }
  }

  /** The {@code outcome} of a step that failed at least once (contract section 10). */
  static RetryOutcome outcome(StepConclusion conclusion, StepError last) {
    return switch (conclusion.reason()) {
      case SUCCEEDED -> RetryOutcome.RECOVERED;
      case ATTEMPTS_EXHAUSTED, WAITING_ROOM_FULL -> RetryOutcome.EXHAUSTED;
      case BUDGET_REACHED, DEADLINE, DEADLINE_IN_QUEUE -> RetryOutcome.BUDGET;
      case NOT_RETRYABLE ->
          wasCutAtDeadline(last) ? RetryOutcome.BUDGET : RetryOutcome.NOT_RETRYABLE;
      case DIED, DROPPED, CANCELLED ->
          last.retryable() ? RetryOutcome.EXHAUSTED : RetryOutcome.NOT_RETRYABLE;
    };
  }

  /** Whether the block itself kept the step's deadline, and not the timeout of one operation. */
  private static boolean wasCutAtDeadline(StepError error) {
    return error.code() == ErrorCode.CANCELLED_BY_TIMEOUT
        && !error.detail(TIMEOUT_TYPE).equals("operation");
  }

  /** A failed attempt was counted when it failed; what ended between attempts is counted here. */
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
