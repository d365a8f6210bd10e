package io.beamline.worker.queue;

import io.beamline.worker.execution.AttemptQueue;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepExecution;

/** One attempt of a step, as a task of its pool. */
final class StepTask implements Runnable {

  private final Step step;
  private final StepExecution execution;
  private final AttemptQueue next;
  private boolean refused;

  StepTask(Step step, StepExecution execution, AttemptQueue next) {
    this.step = step;
    this.execution = execution;
    this.next = next;
  }

  @Override
  public void run() {
    execution.runAttempt(step, next);
  }

  Step step() {
    return step;
  }

  /** Says that the pool did not take it; called by the thread that submits. */
  void refuse() {
    refused = true;
  }

  /** Whether the pool did not take it; asked by the thread that submits. */
  boolean isRefused() {
    return refused;
  }
}
