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
 * Ends steps. The thread that changes a step's state to ended frees its place, publishes its result
 * and records metrics and logs. A dead letter is added if the step died, or if it failed and the
 * settings say so. A step ends once; later calls do nothing. Thread-safe.
 */
public final class StepEnd {

  private final Answers answers;
  private final StepMetrics metrics;
  private final StepLog log;
  private final TimeSource time;
  private final boolean failedStepsAreDeadLetters;

  /**
   * Creates it.
   *
   * @param failedStepsAreDeadLetters whether each step with an error or a timeout is a dead letter
   */
  StepEnd(
      Answers answers,
      StepMetrics metrics,
      StepLog log,
      TimeSource time,
      boolean failedStepsAreDeadLetters) {
    this.answers = answers;
    this.metrics = metrics;
    this.log = log;
    this.time = time;
    this.failedStepsAreDeadLetters = failedStepsAreDeadLetters;
  }

  /**
   * Ends a step, unless it has ended.
   *
   * @param conclude returns how the step ends in a state, or null if it must not end in that state;
   *     called again if the state has changed meanwhile
   * @return whether this call has ended the step
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
      if (step.transition(from, to)) {
        ended(step, from, conclusion);
        return true;
      }
    }
  }

  /**
   * Ends a step like {@link #end(Step, Function, long)}, but leaves it to the caller to publish the
   * result. So many steps can end before the first result is written.
   *
   * @return what publishes the result, to be run once, which never throws; null if this call has
   *     not ended the step
   */
  @Nullable Runnable endUnpublished(
      Step step, Function<StepState, @Nullable StepConclusion> conclude, long nowNanos) {
    while (true) {
      StepState from = step.state();
      StepConclusion conclusion = conclude.apply(from);
      StepState to = conclusion == null ? null : from.end(conclusion, nowNanos);
      if (conclusion == null || to == null) {
        return null;
      }
      // Allocated before the end, because memory may be short: an ended step has no other owner.
      Runnable publication = () -> publishOrDie(step, conclusion);
      if (step.transition(from, to)) {
        leaveIfPossible(step, from);
        return publication;
      }
    }
  }

  /** Ends a step after an attempt on the calling thread, unless it has ended meanwhile. */
  void end(Step step, Running attempt, StepConclusion conclusion, long nowNanos) {
    if (step.transition(attempt, attempt.end(conclusion, nowNanos))) {
      ended(step, attempt, conclusion);
    }
  }

  /**
   * Ends a step and hands its assignment back to the server, unless the step has ended. It is also
   * the last resort after any other failure. So it never throws, and it allocates no memory before
   * the lease is released.
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
      // Tried again: if it was the hand-back that failed, nobody else would do it.
      step.answer().handBack();
    }
  }

  /**
   * Like {@link #handBack}, but the server delivers the assignment again only after half a minute.
   */
  void handBackForLater(Step step) {
    StepState from = step.endWithoutResult();
    if (from != null) {
      step.answer().handBackForLater();
      leave(step, from);
    }
  }

  /**
   * Ends a step whose lease has lapsed, and leaves the assignment to its next delivery. It
   * publishes nothing and does not ask the server for a redelivery.
   */
  void releaseLapsed(Step step) {
    StepState from = step.endWithoutResult();
    if (from != null) {
      step.answer().forget();
      leave(step, from);
      log.lapsed(step);
    }
  }

  /**
   * Ends a step after an unexpected failure on the calling thread, with a result and a dead letter.
   * If they cannot be published, it hands the step back. Such a delivery counts, so that happens a
   * limited number of times. Never throws.
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

  /** Records an attempt that failed by itself. */
  void attemptFailed(Step step, StepError error, long nowNanos) {
    metrics.attemptFailed(step, error);
    log.attemptFailed(step, error, nowNanos);
  }

  /** Records that the retry budget of the step's destination keeps it from a retry. */
  void retrySuppressed(Step step) {
    metrics.retrySuppressed(step);
  }

  /** Records that the step waits for its next attempt. */
  void waitsForRetry(Step step, Duration wait) {
    metrics.waitsForRetry(step, wait);
  }

  /** Logs that an attempt starts if it is a retry. Does nothing for a first attempt. */
  void logRetry(Step step, Running attempt) {
    StepError last = attempt.history().lastError();
    if (last != null) {
      log.retryStarts(step, last, attempt.history().lastWait(), time.nanos());
    }
  }

  /**
   * Ends a step that is dropped from a full queue for a newer one (W3-4.1).
   *
   * @return false if it had ended before
   */
  public boolean drop(Step step) {
    return end(step, state -> StepConclusion.dropped(), time.nanos());
  }

  /**
   * Ends a step with an ack that rejects it (W3-4.1). With {@code SHUTTING_DOWN} in JetStream
   * delivery it is handed back to the server instead.
   *
   * @param detail text for people, in the ack
   * @param alsoResult whether to publish a result as well, for Routers that read no acks
   */
  public void reject(Step step, RejectReason reason, String detail, boolean alsoResult) {
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
      metrics.rejected(step);
    }
    QueueOverload queue = step.queueOverload();
    Overload overload = queue == null ? null : queue.atSubmission();
    if (!alsoResult) {
      answers.reject(answer, reason, detail, overload, step.isCp2());
      return;
    }
    StepConclusion conclusion =
        reason == RejectReason.SHUTTING_DOWN
            ? StepConclusion.rejectedByShutdown()
            : StepConclusion.rejected();
    ExecResult result = result(step, conclusion.outcome());
    answers.reject(answer, reason, detail, overload, step.isCp2(), result);
    metrics.answered(step, conclusion);
  }

  /** A failure is logged only: the result must be published in any case. */
  private void leaveIfPossible(Step step, StepState from) {
    try {
      leave(step, from);
    } catch (RuntimeException | Error e) {
      log.leaveFailed(step, e);
    }
  }

  private void publishOrDie(Step step, StepConclusion conclusion) {
    try {
      publish(step, conclusion);
    } catch (RuntimeException | Error e) {
      publishDeath(step, e);
    }
  }

  private void ended(Step step, StepState from, StepConclusion conclusion) {
    try {
      leave(step, from);
      if (conclusion.reason() == EndReason.QUEUE_FULL) {
        metrics.rejected(step);
      }
      publish(step, conclusion);
    } catch (RuntimeException | Error e) {
      publishDeath(step, e);
    }
  }

  /**
   * Publishes a failure of the step instead of its result, which could not be published. If that
   * fails too, it hands the step back to the server.
   */
  private void publishDeath(Step step, Throwable death) {
    try {
      log.died(step, death);
      publish(step, StepConclusion.died());
    } catch (RuntimeException | Error e) {
      step.answer().handBack();
    }
  }

  private void leave(Step step, StepState from) {
    step.cancelDeadline();
    step.giveBackPermit();
    metrics.stepLeft(step);
    from.place().release(step);
  }

  private void publish(Step step, StepConclusion conclusion) {
    step.answer().delivery().trace().attempted(step.attempts());
    StepOutcome published =
        answers.finish(
            step.answer(),
            result(step, conclusion.outcome()),
            step.isCp2(),
            deadLetterReason(conclusion));
    if (published != null) {
      StepConclusion shown = conclusion.withOutcome(published);
      metrics.ended(step, shown);
      log.ended(step, shown, time.nanos());
    }
  }

  /** Returns the reason of the dead letter beside the result, which is published for a failure. */
  private @Nullable Reason deadLetterReason(StepConclusion conclusion) {
    return switch (conclusion.reason()) {
      case DIED -> Reason.FAILED;
      case DELIVERED_TOO_OFTEN -> Reason.MAX_DELIVER;
      default -> failedStepsAreDeadLetters ? Reason.FAILED : null;
    };
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
