package io.beamline.worker.queue;

import io.beamline.worker.execution.AttemptQueue;
import io.beamline.worker.execution.Place;
import io.beamline.worker.execution.QueueTicket;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepExecution;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a step, as a task of its pool, and the step's place while it waits there. The
 * thread that submits it alone uses it until a queue has it.
 */
final class StepTask implements Runnable, Place {

  /** CP1: nothing is rejected for room. */
  static final int UNBOUNDED = Integer.MAX_VALUE;

  /** The list of the queue that it is in, null when it does not wait; guarded by its lock. */
  @Nullable TaskList list;

  /** The neighbours in that list. */
  @Nullable StepTask before;

  @Nullable StepTask after;

  /** Its number among all tasks that the queue has taken, in their order. */
  long arrival;

  private final Step step;
  private final StepPool pool;
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
   * @param next where the step goes for another attempt
   * @param sinceNanos when it began to wait for a slot
   */
  StepTask(Step step, StepPool pool, StepExecution execution, AttemptQueue next, long sinceNanos) {
    this.step = step;
    this.pool = pool;
    this.execution = execution;
    this.next = next;
    this.sinceNanos = sinceNanos;
  }

  /**
   * Puts its submission under queue management (W3-4).
   *
   * @param limit steps that may wait for it to be taken, itself included
   * @param ticketOfDepth makes the ticket of the step from the depth that decides about it
   */
  void manage(int limit, IntFunction<QueueTicket> ticketOfDepth) {
    maxWaiting = limit;
    tickets = ticketOfDepth;
  }

  @Override
  public void run() {
    pool.run(this);
  }

  @Override
  public void release(Step ended) {
    pool.remove(this);
  }

  /** Runs the attempt on the calling thread. */
  void attempt() {
    execution.runAttempt(step, next);
  }

  Step step() {
    return step;
  }

  /** Steps that may wait for it to be taken, itself included. */
  int maxWaiting() {
    return maxWaiting;
  }

  /** Keeps how many steps wait with it once it is queued, or without it when it is not. */
  void decidedAt(int waiting) {
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

  /** The pool did not take it; called by the thread that submits. */
  void refuse() {
    refused = true;
  }

  /** Whether the pool did not take it; asked by the thread that submits. */
  boolean isRefused() {
    return refused;
  }
}
