package io.beamline.worker.execution;

import io.beamline.worker.contract.DeadLetter;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.observability.WorkerMetrics;
import io.beamline.worker.result.Answers;
import io.beamline.worker.result.DeadLetters;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Ends a step: its result, its metrics, its log line and where wanted its dead letter. */
public final class StepEnd {

  private final Answers answers;
  private final DeadLetters deadLetters;
  private final WorkerMetrics metrics;
  private final StepLog log;
  private final TimeSource time;
  private final boolean failedToDeadLetters;

  StepEnd(
      Answers answers,
      DeadLetters deadLetters,
      WorkerMetrics metrics,
      StepLog log,
      TimeSource time,
      boolean failedToDeadLetters) {
    this.answers = answers;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.log = log;
    this.time = time;
    this.failedToDeadLetters = failedToDeadLetters;
  }

  /** The step has its outcome. */
  void ended(Step step, StepOutcome outcome) {
    end(step, outcome, failedToDeadLetters);
  }

  /** The block died of an {@link Error}: a result and a dead letter at once. */
  void died(Step step, StepError error) {
    end(step, new StepOutcome.Failure(error), true);
  }

  /** Another attempt will follow. */
  void willRetry(Step step, StepError error, Duration wait) {
    log.retryPlanned(step, error, wait, time.nanos());
  }

  private void end(Step step, StepOutcome outcome, boolean deadLetterWhenFailed) {
    ExecResult result = result(step, outcome);
    StepOutcome published = answers.finish(step.answer(), result, step.isCp2());
    if (published == null) {
      return;
    }
    measure(step, published);
    log.ended(step, published, time.nanos());
    if (deadLetterWhenFailed && isFailed(published.status())) {
      deadLetters.add(
          result.withOutcome(published), DeadLetter.Reason.FAILED, step.answer().delivery());
    }
  }

  private ExecResult result(Step step, StepOutcome outcome) {
    return new ExecResult(
        step.answer().identity(),
        outcome,
        step.attemptTime().toMillis(),
        Math.max(0, step.attempts() - 1),
        time.epochMillis(),
        ExecResult.Cp2.NOTHING);
  }

  private void measure(Step step, StepOutcome outcome) {
    long now = time.nanos();
    ExecAssignment assignment = step.assignment();
    metrics.stepEnded(
        step.type(),
        outcome.status(),
        step.isCp2(),
        step.runTime(now),
        codeOf(outcome),
        assignment.tenantId());
    if (assignment.correlation().flowId() != null) {
      metrics.flowStepEnded(step.age(now));
    }
  }

  private static @Nullable ErrorCode codeOf(StepOutcome outcome) {
    return switch (outcome) {
      case StepOutcome.Success success -> null;
      case StepOutcome.Failure failure -> failure.error().code();
    };
  }

  private static boolean isFailed(StepStatus status) {
    return status == StepStatus.ERROR || status == StepStatus.TIMEOUT;
  }
}
