package io.beamline.worker.execution;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.observability.RetryOutcome;
import io.beamline.worker.observability.WorkerMetrics;
import io.beamline.worker.rollout.RolloutRecorder;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Counts and measures steps as their flags say (contract section 10). Thread-safe. */
final class StepMeasures {

  private final WorkerMetrics metrics;
  private final RolloutRecorder rollout;
  private final TimeSource time;

  StepMeasures(WorkerMetrics metrics, RolloutRecorder rollout, TimeSource time) {
    this.metrics = metrics;
    this.rollout = rollout;
    this.time = time;
  }

  void attemptFailed(Step step, StepError error) {
    if (step.flags().advancedRetry()) {
      metrics.attemptFailed(step.type(), error.code(), error.retryable());
    }
    if (step.flags().completeTimeout()) {
      timedOut(error);
    }
  }

  void willRetry(Step step, Duration wait) {
    if (step.flags().advancedRetry()) {
      metrics.retryWaits(step.type(), wait);
    }
  }

  /** A step that was taken has a result. */
  void ended(Step step, StepOutcome outcome) {
    answered(step, outcome);
    left(step);
    rollout.ended(
        step.type(),
        step.flags(),
        step.queueTicket() != null,
        outcome.status(),
        step.attempts(),
        step.arrivedNanos());
  }

  /** A full queue had no room for a step, or dropped it again. */
  void rejected(Step step) {
    left(step);
    rollout.rejected(step.type(), step.flags());
  }

  /** A step is no longer here, whether it has a result or was given to others. */
  void left(Step step) {
    if (step.leave()) {
      rollout.left(step.flags(), step.arrivedNanos());
    }
  }

  /** A step has a result, whether it was taken or not. */
  void answered(Step step, StepOutcome outcome) {
    long now = time.nanos();
    ExecAssignment assignment = step.assignment();
    StepError error = outcome instanceof StepOutcome.Failure failure ? failure.error() : null;
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
      retryEnded(step, error);
    }
    deadline(step, error, now);
  }

  private void retryEnded(Step step, @Nullable StepError error) {
    StepError last = step.lastError();
    if (last != null) {
      metrics.retryEnded(step.type(), last.code(), outcome(step, last, error));
    }
  }

  static RetryOutcome outcome(Step step, StepError last, @Nullable StepError error) {
    if (error == null) {
      return RetryOutcome.RECOVERED;
    }
    if (step.isBudgetExhausted() || isDeadline(error)) {
      return RetryOutcome.BUDGET;
    }
    return last.retryable() ? RetryOutcome.EXHAUSTED : RetryOutcome.NOT_RETRYABLE;
  }

  /** Whether the step's time ended it, and not that of one operation. */
  private static boolean isDeadline(StepError error) {
    return error.code() == ErrorCode.CANCELLED_BY_TIMEOUT
        && !error.detail("timeout_type").equals("operation");
  }

  /** A failed attempt was counted when it failed; what ended between attempts is counted here. */
  private void deadline(Step step, @Nullable StepError error, long now) {
    Deadline deadline = step.limits().deadline();
    if (!deadline.bounded() || error == null || error.status() != StepStatus.TIMEOUT) {
      return;
    }
    if (!error.equals(step.lastError())) {
      timedOut(error);
    }
    long late = -deadline.remainingNanos(now);
    if (late > 0) {
      metrics.endedLate(Duration.ofNanos(late));
    }
  }

  private void timedOut(StepError error) {
    if (error.status() == StepStatus.TIMEOUT && !error.detail("timeout_type").isEmpty()) {
      metrics.timedOut(error.detail("operation_type"), error.detail("timeout_type"));
    }
  }
}
