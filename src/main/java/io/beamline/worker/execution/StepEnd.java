package io.beamline.worker.execution;

import io.beamline.worker.contract.DeadLetter.Reason;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.Overload;
import io.beamline.worker.contract.RejectReason;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.execution.StepState.Running;
import io.beamline.worker.result.Answer;
import io.beamline.worker.result.Answers;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Ends steps: whoever changes a step's state to its end frees its place and publishes its result,
 * with its metrics, its log line and where wanted its dead letter. A step ends once; later ends
 * change nothing. Thread-safe.
 */
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

  /**
   * Ends a step wherever it is.
   *
   * @param conclude how it ends in a state, null when it must not end in that
   * @return whether it ended now, and not before
   */
  boolean end(Step step, Function<StepState, @Nullable StepConclusion> conclude, long nowNanos) {
    while (true) {
      StepState from = step.state();
      StepConclusion conclusion = conclude.apply(from);
      if (conclusion == null) {
        return false;
      }
      StepState to = from.end(conclusion, nowNanos);
      if (to == null) {
        return false;
      }
      if (step.become(from, to)) {
        ended(step, from, conclusion);
        return true;
      }
    }
  }

  /** Ends a step after an attempt on the calling thread, unless it was ended meanwhile. */
  void end(Step step, Running attempt, StepConclusion conclusion, long nowNanos) {
    if (step.become(attempt, attempt.end(conclusion, nowNanos))) {
      ended(step, attempt, conclusion);
    }
  }

  /**
   * Gives the assignment of a step back to the server, unless the step has ended. Never throws, and
   * needs no memory before the lease is let go: it is also the last resort for a step that nobody
   * could go on with.
   */
  public void handBack(Step step) {
    StepState from = step.endWithoutResult();
    if (from == null) {
      return;
    }
    try {
      step.answer().handBack();
      leave(step, from);
    } catch (RuntimeException | Error e) {
      // Once more, if it was the first of the two that failed: nobody else will.
      step.answer().handBack();
    }
  }

  /**
   * Leaves a step whose lease has lapsed to whoever has the assignment now: nothing is published,
   * and the server is not asked to deliver it again.
   */
  void letGo(Step step) {
    StepState from = step.endWithoutResult();
    if (from != null) {
      step.answer().forget();
      leave(step, from);
      log.lapsed(step);
    }
  }

  /**
   * The block, or the worker on its behalf, died on the calling thread: a result and a dead letter,
   * unless the step has ended. What cannot be answered at all goes back to the server, which counts
   * how often. Never throws.
   */
  void died(Step step, Throwable death) {
    try {
      if (end(step, state -> StepConclusion.died(), time.nanos())) {
        log.died(step, death);
      }
    } catch (RuntimeException | Error e) {
      handBack(step);
    }
  }

  /** An attempt failed by itself, and has ended now. */
  void attemptFailed(Step step, StepError error, long nowNanos) {
    measures.attemptFailed(step, error);
    log.attemptFailed(step, error, nowNanos);
  }

  /** The step waits for its next attempt. */
  void waitsForRetry(Step step, Duration wait) {
    measures.waitsForRetry(step, wait);
  }

  /** An attempt of the step starts. */
  void attemptStarts(Step step, Running attempt) {
    StepError last = attempt.history().lastError();
    if (last != null) {
      log.retryStarts(step, last, attempt.history().lastWait(), time.nanos());
    }
  }

  /**
   * The step gives way to a newcomer in a full queue (W3-4.1).
   *
   * @return false when it had ended before
   */
  public boolean dropped(Step step) {
    return end(step, state -> StepConclusion.dropped(), time.nanos());
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
    if (reason == RejectReason.SHUTTING_DOWN && answer.delivery().lease() != null) {
      handBack(step);
      return;
    }
    StepState from = step.endWithoutResult();
    if (from == null) {
      return;
    }
    leave(step, from);
    if (reason == RejectReason.QUEUE_FULL) {
      measures.rejected(step);
    }
    QueueTicket queue = step.queueTicket();
    Overload overload = queue == null ? null : queue.submitted();
    if (!alsoResult) {
      answers.reject(answer, reason, detail, overload, step.isCp2());
      return;
    }
    StepConclusion conclusion = StepConclusion.refused();
    ExecResult result = result(step, conclusion.outcome());
    answers.reject(answer, reason, detail, overload, step.isCp2(), result);
    measures.answered(step, conclusion);
  }

  private void ended(Step step, StepState from, StepConclusion conclusion) {
    try {
      leave(step, from);
      if (conclusion.reason() == EndReason.DROPPED) {
        measures.rejected(step);
      }
      publish(step, conclusion);
    } catch (RuntimeException | Error e) {
      publishDeath(step, e);
    }
  }

  /** The result was not published. What cannot be answered at all goes back to the server. */
  private void publishDeath(Step step, Throwable death) {
    try {
      log.died(step, death);
      publish(step, StepConclusion.died());
    } catch (RuntimeException | Error e) {
      step.answer().handBack();
    }
  }

  private void leave(Step step, StepState from) {
    step.unwatch();
    measures.left(step);
    from.place().release(step);
  }

  private void publish(Step step, StepConclusion conclusion) {
    boolean died = conclusion.reason() == EndReason.DIED;
    StepOutcome published =
        answers.finish(
            step.answer(),
            result(step, conclusion.outcome()),
            step.isCp2(),
            died || failedToDeadLetters ? Reason.FAILED : null);
    if (published != null) {
      StepConclusion shown = conclusion.as(published);
      measures.ended(step, shown);
      log.ended(step, shown, time.nanos());
    }
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
