package io.beamline.worker.execution;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.execution.StepState.Running;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.result.Answer;
import io.beamline.worker.retry.RetryLimits;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;

/**
 * An accepted assignment while it is executed. Several threads may use it at once: its {@link
 * StepState} changes by compare-and-set, and the other fields are final or say which thread sets
 * them.
 */
public final class Step {

  private static final AtomicReferenceFieldUpdater<Step, StepState> STATE =
      AtomicReferenceFieldUpdater.newUpdater(Step.class, StepState.class, "state");

  private final ExecAssignment assignment;
  private final Block block;
  private final FlagSnapshot flags;
  private final StepLimits limits;
  private final Answer answer;
  private final long arrivedNanos;
  private volatile StepState state;

  /** Set at most once, before the step is queued. */
  private @Nullable QueueTicket queueTicket;

  /**
   * Used only by the thread that runs an attempt. The state change publishes it to the next thread.
   */
  private @Nullable RetryContext retryContext;

  private volatile @Nullable DeadlineEntry deadlineEntry;

  Step(
      ExecAssignment assignment,
      Block block,
      FlagSnapshot flags,
      StepLimits limits,
      Answer answer,
      long arrivedNanos) {
    this.assignment = assignment;
    this.block = block;
    this.flags = flags;
    this.limits = limits;
    this.answer = answer;
    this.arrivedNanos = arrivedNanos;
    this.state = StepState.Arrived.of(flags.advancedRetry());
  }

  /** Returns the assignment. */
  public ExecAssignment assignment() {
    return assignment;
  }

  /** Returns the pool that runs it. */
  public ResourcePool pool() {
    return block.type().pool();
  }

  /** Returns the canonical name of its block. */
  public String type() {
    return block.type().name();
  }

  /** Returns the flags, which stay the same from arrival to end. */
  public FlagSnapshot flags() {
    return flags;
  }

  /** Returns the pending answer: ack, result and acknowledgement of the assignment. */
  public Answer answer() {
    return answer;
  }

  /** Returns whether any CP2 flag applies to it. */
  public boolean isCp2() {
    return flags.advancedRetry() || flags.completeTimeout() || queueTicket != null;
  }

  /** Sets the ticket of its queue. Called only with queue management on. */
  public void setQueueTicket(QueueTicket ticket) {
    queueTicket = ticket;
  }

  /** Returns the ticket of its queue, or null if queue management was off at its submission. */
  public @Nullable QueueTicket queueTicket() {
    return queueTicket;
  }

  /** Changes its state to queued. Returns false if it has ended and must not be queued. */
  public boolean queue(Place queue) {
    StepState from = state;
    StepState to = from.queue(queue);
    return to != null && transition(from, to);
  }

  /** Starts an attempt on the calling thread. Returns null if the step has ended. */
  @Nullable Running start(long nowNanos) {
    StepState from = state;
    Running to = from.start(nowNanos);
    return to != null && transition(from, to) ? to : null;
  }

  /** Changes its state to waiting, see {@link StepState#pause}. Returns false if it has ended. */
  boolean pause(@Nullable StepError error, Place place, Duration delay, long nowNanos) {
    StepState from = state;
    StepState to = from.pause(error, place, delay, nowNanos);
    return to != null && transition(from, to);
  }

  /** Changes its state. Returns false if another thread has changed it before. */
  boolean transition(StepState from, StepState to) {
    return STATE.compareAndSet(this, from, to);
  }

  /** Ends it without a result. Returns the state before the end, or null if it had ended before. */
  @Nullable StepState endWithoutResult() {
    for (StepState from = state; !(from instanceof StepState.Ended); from = state) {
      if (transition(from, StepState.Ended.WITHOUT_RESULT)) {
        return from;
      }
    }
    return null;
  }

  /** Returns its current state. */
  StepState state() {
    return state;
  }

  /** Returns whether it has its result or was handed back. */
  public boolean hasEnded() {
    return state instanceof StepState.Ended;
  }

  Block block() {
    return block;
  }

  StepLimits limits() {
    return limits;
  }

  BlockCall call() {
    return new BlockCall(
        assignment.assignmentId(),
        assignment.payload(),
        limits.timeouts(),
        limits.deadline(),
        flags.advancedRetry());
  }

  /** Returns the limits of its attempts. */
  RetryLimits retryLimits() {
    int asked = assignment.options().backoffMs();
    return new RetryLimits(
        limits.maxAttempts(),
        asked == ExecAssignment.ABSENT ? null : Duration.ofMillis(asked),
        limits.total(),
        limits.deadline());
  }

  /** Returns the number of attempts started so far. */
  int attempts() {
    return state.attempts();
  }

  /**
   * Returns the duration of the last attempt, so far if it still runs; zero if none has started.
   */
  Duration attemptTime(long nowNanos) {
    return state.attemptTime(nowNanos);
  }

  /** Returns the error of the last attempt that failed by itself, or null if none did. */
  @Nullable StepError lastError() {
    return state.history().lastError();
  }

  /** Returns the time since the first attempt started; zero if none has. */
  Duration runTime(long nowNanos) {
    StepState now = state;
    return now.attempts() == 0 ? Duration.ZERO : Duration.ofNanos(nowNanos - now.firstStartNanos());
  }

  /**
   * Returns the time that counts against its budget: since arrival if it has a deadline, else since
   * the first attempt started.
   */
  Duration budgetUsed(long nowNanos) {
    return limits.deadline().bounded() ? age(nowNanos) : runTime(nowNanos);
  }

  /** Returns when its assignment arrived, on the monotonic clock. */
  long arrivedNanos() {
    return arrivedNanos;
  }

  /** Returns the time since its assignment arrived. */
  Duration age(long nowNanos) {
    return Duration.ofNanos(nowNanos - arrivedNanos);
  }

  /** Returns the entry that ends it at its deadline or budget, or null if there is none. */
  @Nullable DeadlineEntry deadlineEntry() {
    return deadlineEntry;
  }

  /**
   * Sets the entry that ends it at its deadline or budget. Cancels the entry if the step has ended.
   */
  void setDeadlineEntry(DeadlineEntry entry) {
    deadlineEntry = entry;
    if (hasEnded()) {
      entry.cancel();
    }
  }

  /** Cancels the entry for its deadline or budget, because it has ended. */
  void cancelDeadline() {
    DeadlineEntry entry = deadlineEntry;
    if (entry != null) {
      entry.cancel();
    }
  }

  @Nullable RetryContext retryContext() {
    return retryContext;
  }

  void retryContext(@Nullable RetryContext context) {
    retryContext = context;
  }
}
