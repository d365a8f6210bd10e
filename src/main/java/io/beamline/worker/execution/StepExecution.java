package io.beamline.worker.execution;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.retry.RetryBudget;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a step through its attempts: run one, and then end, wait for the next, or hand back.
 * Thread- safe; each call works on one step.
 */
public final class StepExecution {

  private static final Logger log = LoggerFactory.getLogger(StepExecution.class);

  private final StepRunner runner;
  private final WaitingRoom waitingRoom;
  private final StepEnd end;
  private final Drain drain;
  private final DeadlineWatch watch;
  private final Judgement judgement;
  private final TimeSource time;

  StepExecution(
      StepRunner runner,
      WaitingRoom waitingRoom,
      StepEnd end,
      Drain drain,
      DeadlineWatch watch,
      Judgement judgement,
      TimeSource time) {
    this.runner = runner;
    this.watch = watch;
    this.judgement = judgement;
    this.waitingRoom = waitingRoom;
    this.end = end;
    this.drain = drain;
    this.time = time;
  }

  /** Runs the next attempt of a step on the calling thread; never throws. */
  public void runAttempt(Step step, AttemptQueue next) {
    try {
      attempt(step, next);
    } catch (Throwable death) {
      died(step, death);
    } finally {
      watch.left(step);
      // The slot's thread goes on to another step, which an old interruption is not meant for.
      Thread.interrupted();
    }
  }

  private void attempt(Step step, AttemptQueue next) {
    try {
      if (!isTooLate(step)) {
        watch.running(step);
        StepOutcome outcome = new StepOutcome.Success(runner.execute(step));
        step.report(StepStatus.SUCCESS, null, Duration.ZERO, time.nanos());
        end.ended(step, outcome);
      }
    } catch (StepFailure failure) {
      failed(step, judgement.of(step, failure.error()), next);
    } catch (InterruptedException e) {
      drain.handBack(step);
    }
  }

  /** Whether the step's time is up before this attempt; then it ends without it. */
  private boolean isTooLate(Step step) {
    long now = time.nanos();
    if (step.limits().deadline().passed(now)) {
      end.ended(step, new StepOutcome.Failure(TimeUp.inQueue(step, now)));
      return true;
    }
    RetryBudget budget = step.budget();
    if (budget != null && !budget.allows(Duration.ZERO, now)) {
      end.ended(step, new StepOutcome.Failure(TimeUp.budget(step)));
      return true;
    }
    return false;
  }

  private void failed(Step step, StepError error, AttemptQueue next) {
    Duration wait = step.takePlannedRetry();
    step.failedWith(error);
    end.attemptFailed(step, error);
    step.report(error.status(), error, wait == null ? Duration.ZERO : wait, time.nanos());
    if (step.isBudgetExhausted()) {
      end.ended(step, new StepOutcome.Failure(TimeUp.budget(step)));
    } else if (wait == null) {
      end.ended(step, new StepOutcome.Failure(error));
    } else if (drain.hasBegun()) {
      drain.handBack(step);
    } else {
      end.willRetry(step, error, wait);
      waitForNext(step, error, wait, next);
    }
  }

  /** Beyond the bound a step ends, or waits as it did in CP1: it keeps its slot. */
  private void waitForNext(Step step, StepError error, Duration wait, AttemptQueue next) {
    if (waitingRoom.enter(step, wait, next)) {
      return;
    }
    if (drain.hasBegun()) {
      drain.handBack(step);
      return;
    }
    if (step.flags().advancedRetry()) {
      end.ended(step, new StepOutcome.Failure(error));
      return;
    }
    try {
      time.sleep(step.limits().deadline().cap(wait, time.nanos()));
      next.requeue(step);
    } catch (InterruptedException e) {
      drain.handBack(step);
    }
  }

  /** What cannot even be answered goes back to the server, which counts how often. */
  private void died(Step step, Throwable death) {
    try {
      tellDeath(step, death);
    } catch (RuntimeException | Error e) {
      step.handBack();
    }
  }

  private void tellDeath(Step step, Throwable death) {
    log.atError()
        .addKeyValue("assignment_id", step.assignment().assignmentId())
        .addKeyValue("step_type", step.type())
        .setCause(death)
        .log("A block died");
    end.died(step, StepError.of(ErrorCode.INTERNAL_ERROR, "The block died of an error"));
  }
}
