package io.beamline.worker.execution;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
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
  private final TimeSource time;

  StepExecution(
      StepRunner runner, WaitingRoom waitingRoom, StepEnd end, Drain drain, TimeSource time) {
    this.runner = runner;
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
      // The slot's thread goes on to another step, which an old interruption is not meant for.
      Thread.interrupted();
    }
  }

  private void attempt(Step step, AttemptQueue next) {
    try {
      StepOutcome outcome = new StepOutcome.Success(runner.execute(step));
      end.ended(step, outcome);
    } catch (StepFailure failure) {
      failed(step, failure.error(), next);
    } catch (InterruptedException e) {
      drain.giveUp(step);
    }
  }

  private void failed(Step step, StepError error, AttemptQueue next) {
    Duration wait = step.takePlannedRetry();
    if (wait == null) {
      end.ended(step, new StepOutcome.Failure(error));
    } else if (drain.hasBegun()) {
      drain.giveUp(step);
    } else {
      end.willRetry(step, error, wait);
      if (!waitingRoom.enter(step, wait, next)) {
        waitInSlot(step, wait, next);
      }
    }
  }

  /** Beyond the bound a step waits as it did in CP1: it keeps its slot. */
  private void waitInSlot(Step step, Duration wait, AttemptQueue next) {
    try {
      time.sleep(wait);
      next.requeue(step);
    } catch (InterruptedException e) {
      drain.giveUp(step);
    }
  }

  /** What cannot even be answered goes back to the server, which counts how often. */
  private void died(Step step, Throwable death) {
    try {
      tellDeath(step, death);
    } catch (RuntimeException | Error e) {
      step.answer().handBack();
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
