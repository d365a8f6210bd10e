package io.beamline.worker.execution;

import io.beamline.worker.contract.DeadLetter.Reason;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.Overload;
import io.beamline.worker.contract.RejectReason;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.result.Answer;
import io.beamline.worker.result.Answers;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;

/** Ends a step: its result, its metrics, its log line and where wanted its dead letter. */
public final class StepEnd {

  private final Answers answers;
  private final StepMeasures measures;
  private final StepLog log;
  private final TimeSource time;
  private final boolean failedToDeadLetters;

  StepEnd(
      Answers answers,
      StepMeasures measures,
      StepLog log,
      TimeSource time,
      boolean failedToDeadLetters) {
    this.answers = answers;
    this.measures = measures;
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

  /** An attempt failed. */
  void attemptFailed(Step step, StepError error) {
    measures.attemptFailed(step, error);
    log.attemptFailed(step, error, time.nanos());
  }

  /**
   * The step gave way to a newcomer in a full queue (W3-4.1). What cannot even be answered goes
   * back to the server.
   */
  public void dropped(Step step) {
    try {
      measures.rejected(step);
      ended(step, overloaded("Dropped from a full queue to make room for a newer step"));
    } catch (RuntimeException | Error e) {
      step.handBack();
    }
  }

  /**
   * The step was not taken (W3-4.1). One that comes too late for a worker that ends goes back to
   * the server where that is possible.
   *
   * @param detail text for a person
   * @param alsoResult whether a result says so too, for Routers that read no acks
   */
  public void refused(Step step, RejectReason reason, String detail, boolean alsoResult) {
    Answer answer = step.answer();
    QueueTicket queue = step.queueTicket();
    Overload overload = queue == null ? null : queue.submitted();
    if (reason == RejectReason.SHUTTING_DOWN && answer.delivery().lease() != null) {
      answer.handBack();
      return;
    }
    if (reason == RejectReason.QUEUE_FULL) {
      measures.rejected(step);
    }
    if (!alsoResult) {
      answers.reject(answer, reason, detail, overload, step.isCp2());
      return;
    }
    StepOutcome outcome = overloaded("There is no room in the queue");
    answers.reject(answer, reason, detail, overload, step.isCp2(), result(step, outcome));
    measures.answered(step, outcome);
  }

  /** Another attempt will follow. */
  void willRetry(Step step, StepError error, Duration wait) {
    measures.willRetry(step, wait);
    log.retryPlanned(step, error, wait, time.nanos());
  }

  private void end(Step step, StepOutcome outcome, boolean deadLetterWhenFailed) {
    step.unwatch();
    ExecResult result = result(step, outcome);
    StepOutcome published =
        answers.finish(
            step.answer(), result, step.isCp2(), deadLetterWhenFailed ? Reason.FAILED : null);
    if (published == null) {
      measures.left(step);
      return;
    }
    measures.ended(step, published);
    log.ended(step, published, time.nanos());
  }

  private static StepOutcome overloaded(String message) {
    return new StepOutcome.Failure(StepError.of(ErrorCode.SYSTEM_OVERLOAD, message));
  }

  private ExecResult result(Step step, StepOutcome outcome) {
    long now = time.nanos();
    return new ExecResult(
        step.answer().identity(),
        outcome,
        step.attemptTime(now).toMillis(),
        Math.max(0, step.attempts() - 1),
        time.epochMillis(),
        Cp2Report.of(step, now));
  }
}
