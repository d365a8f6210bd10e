package io.beamline.worker.execution;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.destination.AttemptVerdict;
import io.beamline.worker.destination.Permit;
import io.beamline.worker.execution.StepState.Running;
import io.beamline.worker.observability.tracing.AttemptTrace;
import io.beamline.worker.retry.RetryDecision;
import io.beamline.worker.retry.RetryDecision.Retry;
import io.beamline.worker.suspect.SuspectStart.Recorded;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Runs the attempts of steps. After each attempt the step ends, waits for the next attempt, or is
 * handed back. Thread-safe.
 */
public final class StepExecution {

  private final StepRunner runner;
  private final WaitingRoom waitingRoom;
  private final StepEnd end;
  private final Drain drain;
  private final DeadlineWatch watch;
  private final DeliveryLimit deliveryLimit;
  private final DestinationGate gate;
  private final TimeSource time;

  StepExecution(
      StepRunner runner,
      WaitingRoom waitingRoom,
      StepEnd end,
      Drain drain,
      DeadlineWatch watch,
      DeliveryLimit deliveryLimit,
      DestinationGate gate,
      TimeSource time) {
    this.runner = runner;
    this.waitingRoom = waitingRoom;
    this.end = end;
    this.drain = drain;
    this.watch = watch;
    this.deliveryLimit = deliveryLimit;
    this.gate = gate;
    this.time = time;
  }

  /**
   * Runs the next attempt of a queued step on the calling thread, unless the step has ended, its
   * time is over or its lease has lapsed. It never throws, and it clears the interrupt status of
   * the thread.
   *
   * @param next the queue for the step's next attempt
   * @return whether an attempt was made
   */
  public boolean runAttempt(Step step, AttemptQueue next) {
    Running attempt = null;
    Permit permit = null;
    try {
      attempt = start(step, next);
      if (attempt != null) {
        permit = step.takePermit();
        if (permit != null) {
          permit.started();
        }
        try (AttemptTrace trace = step.trace(attempt)) {
          run(step, attempt, permit, trace, next);
        }
      }
    } catch (Throwable death) {
      end.died(step, death);
    } finally {
      if (permit != null) {
        permit.giveBack(AttemptVerdict.NOTHING);
      }
      if (attempt != null) {
        attempt.leave();
      }
      // The thread will run another step, which this interrupt is not meant for.
      Thread.interrupted();
    }
    return attempt != null;
  }

  private @Nullable Running start(Step step, AttemptQueue next) {
    long now = time.nanos();
    if (step.answer().hasLapsed(now)) {
      releaseLapsed(step);
      return null;
    }
    if (watch.endIfPassed(step, now)) {
      return null;
    }
    if (step.flags().circuitBreaker() && !isAdmitted(step, next)) {
      return null;
    }
    return deliveryLimit.concerns(step) ? startSuspect(step) : step.start(now);
  }

  /** A full waiting room makes the thread sleep, and a drain may interrupt that. */
  private boolean isAdmitted(Step step, AttemptQueue next) {
    try {
      return gate.admits(step, next);
    } catch (InterruptedException e) {
      drain.handBack(step);
      return false;
    }
  }

  /** Recording a start takes a while, in which the lease may lapse and the step may end. */
  private @Nullable Running startSuspect(Step step) {
    if (!deliveryLimit.recordStart(step)) {
      return null;
    }
    long now = time.nanos();
    if (step.answer().hasLapsed(now)) {
      releaseLapsed(step);
      return null;
    }
    Running attempt = watch.endIfPassed(step, now) ? null : step.start(now);
    if (attempt == null) {
      takeStartBack(step);
    }
    return attempt;
  }

  private void releaseLapsed(Step step) {
    takeStartBack(step);
    end.releaseLapsed(step);
  }

  private static void takeStartBack(Step step) {
    Recorded recorded = step.recordedStart();
    if (recorded != null) {
      recorded.takeBack();
    }
  }

  private void run(
      Step step, Running attempt, @Nullable Permit permit, AttemptTrace trace, AttemptQueue next) {
    try {
      end.logRetry(step, attempt);
      try (Outputs outputs = runner.execute(step, trace)) {
        giveBack(permit, AttemptVerdict.WORKED);
        end.end(step, attempt, StepConclusion.succeeded(outputs), time.nanos());
      }
    } catch (StepFailure failure) {
      trace.failed(failure.error());
      giveBack(permit, gate.verdict(step, failure));
      failed(step, attempt, StepContexts.decisionOf(step), time.nanos(), trace, next);
    } catch (InterruptedException e) {
      // Interrupted by a drain, or by the cut at the deadline. After a cut the step has ended, so
      // this does nothing.
      trace.cut(step.hasEnded() ? "ended" : "drained");
      giveBack(permit, gate.verdictOfCut(step));
      drain.handBack(step);
    } catch (RuntimeException | Error death) {
      trace.cut("died");
      throw death;
    }
  }

  private static void giveBack(@Nullable Permit permit, AttemptVerdict verdict) {
    if (permit != null) {
      permit.giveBack(verdict);
    }
  }

  private void failed(
      Step step,
      Running attempt,
      RetryDecision decision,
      long endNanos,
      AttemptTrace trace,
      AttemptQueue next) {
    if (step.hasEnded()) {
      return;
    }
    end.attemptFailed(step, decision.error(), endNanos);
    if (!(decision instanceof Retry retry)) {
      end.end(step, attempt, StepConclusion.of(decision), endNanos);
    } else if (drain.hasBegun()) {
      drain.handBack(step);
    } else if (step.flags().circuitBreaker() && !gate.allowsRetry(step)) {
      end.retrySuppressed(step);
      end.end(step, attempt, StepConclusion.retrySuppressed(retry.error()), endNanos);
    } else {
      retry(step, attempt, retry, endNanos, trace, next);
    }
  }

  private void retry(
      Step step,
      Running attempt,
      Retry retry,
      long endNanos,
      AttemptTrace trace,
      AttemptQueue next) {
    watch.watchBudget(step);
    if (waitingRoom.enter(step, retry.error(), retry.delay(), endNanos, next)) {
      end.waitsForRetry(step, retry.delay());
      watch.endIfBudgetPassed(step);
    } else if (drain.hasBegun()) {
      drain.handBack(step);
    } else if (retry.ifWaitingRoomFull() instanceof Retry inSlot) {
      end.waitsForRetry(step, inSlot.delay());
      trace.close(); // before the wait, which is not part of the attempt
      waitInSlot(step, attempt, inSlot, endNanos, next);
    } else {
      gate.retryNotMade(step);
      end.end(step, attempt, StepConclusion.of(retry.ifWaitingRoomFull()), endNanos);
    }
  }

  private void waitInSlot(
      Step step, Running attempt, Retry retry, long endNanos, AttemptQueue next) {
    if (!step.pause(retry.error(), attempt, retry.delay(), endNanos)) {
      return;
    }
    try {
      Duration wait = step.limits().deadline().cap(retry.delay(), time.nanos());
      time.sleep(wait);
      next.requeue(step);
    } catch (InterruptedException e) {
      drain.handBack(step);
    }
  }
}
