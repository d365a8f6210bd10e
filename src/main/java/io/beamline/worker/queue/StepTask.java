package io.beamline.worker.queue;

import io.beamline.worker.execution.AttemptQueue;
import io.beamline.worker.execution.Place;
import io.beamline.worker.execution.QueueOverload;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepExecution;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a step, as a task of its pool. Until it is queued, only the submitting thread uses
 * it.
 */
final class StepTask implements Runnable, Place {

  /** The limit of CP1 and of the policy hold: no step is rejected because of a full queue. */
  static final int UNBOUNDED = Integer.MAX_VALUE;

  /** The list that contains it, null if it does not wait; guarded by the queue's lock. */
  @Nullable TaskList list;

  /** The neighbors in that list; guarded by the queue's lock. */
  @Nullable StepTask before;

  @Nullable StepTask after;

  /** The number of the task in the order of arrival; guarded by the queue's lock. */
  long arrival;

  private final Step step;
  private final StepPool pool;
  private final StepExecution execution;
  private final AttemptQueue next;
  private final long sinceNanos;
  private int maxWaiting = UNBOUNDED;
  private @Nullable IntFunction<QueueOverload> overloadOfDepth;
  private int depth;
  private boolean rejected;

  /**
   * Creates a task.
   *
   * @param next the queue for the step's next attempt
   * @param sinceNanos when it began to wait for a slot, on the monotonic clock
   */
  StepTask(Step step, StepPool pool, StepExecution execution, AttemptQueue next, long sinceNanos) {
    this.step = step;
    this.pool = pool;
    this.execution = execution;
    this.next = next;
    this.sinceNanos = sinceNanos;
  }

  /**
   * Applies queue management to its submission (W3-4).
   *
   * @param limit the most steps that may wait, itself included
   * @param overloadAt creates what is reported of the queue, from the depth that {@link
   *     #recordDepth} gets
   */
  void manage(int limit, IntFunction<QueueOverload> overloadAt) {
    maxWaiting = limit;
    overloadOfDepth = overloadAt;
  }

  @Override
  public void run() {
    pool.run(this);
  }

  @Override
  public void release(Step ended) {
    pool.remove(this);
  }

  /** Runs the attempt on the calling thread. Returns whether there was one. */
  boolean attempt() {
    return execution.runAttempt(step, next);
  }

  Step step() {
    return step;
  }

  /** Returns the most steps that may wait if it is accepted, itself included. */
  int maxWaiting() {
    return maxWaiting;
  }

  /**
   * Records the depth of the queue when this task is queued or rejected. A queued task is counted,
   * a rejected one is not.
   */
  void recordDepth(int waiting) {
    depth = waiting;
    if (overloadOfDepth != null) {
      step.setQueueOverload(overloadOfDepth.apply(waiting));
    }
  }

  /** Returns the depth of the queue when this task was queued or rejected. */
  int depth() {
    return depth;
  }

  /** Returns when it began to wait for a slot, on the monotonic clock. */
  long sinceNanos() {
    return sinceNanos;
  }

  /** Records that the pool rejected it. Only the submitting thread calls this. */
  void reject() {
    rejected = true;
  }

  /** Returns whether the pool rejected it. Only the submitting thread calls this. */
  boolean isRejected() {
    return rejected;
  }
}
