package io.beamline.worker.queue;

import io.beamline.worker.execution.AttemptQueue;
import io.beamline.worker.execution.QueueTicket;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepExecution;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a step, as a task of its pool. The thread that submits it alone touches it until a
 * queue has it.
 */
final class StepTask implements Runnable {

  /** CP1: nothing is rejected for room. */
  static final int UNBOUNDED = Integer.MAX_VALUE;

  private final Step step;
  private final StepExecution execution;
  private final AttemptQueue next;
  private final long sinceNanos;
  private int maxWaiting = UNBOUNDED;
  private @Nullable IntFunction<QueueTicket> tickets;
  private int depth;
  private boolean refused;

  /**
   * A task.
   *
   * @param sinceNanos when it began to wait for a slot
   */
  StepTask(Step step, StepExecution execution, AttemptQueue next, long sinceNanos) {
    this.step = step;
    this.execution = execution;
    this.next = next;
    this.sinceNanos = sinceNanos;
  }

  /**
   * Puts its submission under queue management (W3-4).
   *
   * @param limit steps that may wait for it to be taken, itself included
   * @param ticketOfDepth what the step is to know of the queue when that decides about it
   */
  void manage(int limit, IntFunction<QueueTicket> ticketOfDepth) {
    maxWaiting = limit;
    tickets = ticketOfDepth;
  }

  @Override
  public void run() {
    execution.runAttempt(step, next);
  }

  /** Two tasks are the same when their step is: a queue finds a step by it. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StepTask task && task.step == step;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(step);
  }

  Step step() {
    return step;
  }

  /** Steps that may wait for it to be taken, itself included. */
  int maxWaiting() {
    return maxWaiting;
  }

  /** Says how many steps wait with it once it is queued, or without it when it is not. */
  void sees(int waiting) {
    depth = waiting;
    if (tickets != null) {
      step.submitted(tickets.apply(waiting));
    }
  }

  /** The steps that waited when the queue decided about it. */
  int depth() {
    return depth;
  }

  /** When it began to wait for a slot. */
  long sinceNanos() {
    return sinceNanos;
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
