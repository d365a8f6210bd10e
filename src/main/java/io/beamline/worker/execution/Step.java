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
 * One accepted assignment on its way from attempt to attempt. Several threads may use it at once:
 * what changes while it is under way is its {@link StepState}, by compare-and-set.
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

  /** Set before the step is queued, at most once. */
  private @Nullable QueueTicket queueTicket;

  /** Used by the thread that runs an attempt; the change of state hands it on to the next one. */
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

  /** What to do. */
  public ExecAssignment assignment() {
    return assignment;
  }

  /** The pool it runs in. */
  public ResourcePool pool() {
    return block.type().pool();
  }

  /** The canonical name of its block. */
  public String type() {
    return block.type().name();
  }

  /** The flags it runs under from arrival to end. */
  public FlagSnapshot flags() {
    return flags;
  }

  /** What the worker owes for it. */
  public Answer answer() {
    return answer;
  }

  /** Whether a flag applies to it. */
  public boolean isCp2() {
    return flags.advancedRetry() || flags.completeTimeout() || queueTicket != null;
  }

  /** Keeps how full the queue was that it is submitted to; only with queue management on. */
  public void submitted(QueueTicket ticket) {
    queueTicket = ticket;
  }

  /** The queue that it was submitted to, null when queue management was off then. */
  public @Nullable QueueTicket queueTicket() {
    return queueTicket;
  }

  /** It is about to be put into a queue; false when it has ended meanwhile, and must not be. */
  public boolean queue(Place queue) {
    StepState from = state;
    StepState to = from.queue(queue);
    return to != null && become(from, to);
  }

  /** The calling thread starts an attempt; null when the step has ended meanwhile. */
  @Nullable Running start(long nowNanos) {
    StepState from = state;
    Running to = from.start(nowNanos);
    return to != null && become(from, to) ? to : null;
  }

  /** It waits as {@link StepState#pause} says; false when it has ended meanwhile. */
  boolean pause(@Nullable StepError error, Place where, Duration wait, long nowNanos) {
    StepState from = state;
    StepState to = from.pause(error, where, wait, nowNanos);
    return to != null && become(from, to);
  }

  /** Changes its state; false when another thread has changed it before. */
  boolean become(StepState from, StepState to) {
    return STATE.compareAndSet(this, from, to);
  }

  /** Ends it without a result; gives the state that it ended in, null when it had ended before. */
  @Nullable StepState endWithoutResult() {
    for (StepState from = state; !(from instanceof StepState.Ended); from = state) {
      if (become(from, StepState.Ended.WITHOUT_RESULT)) {
        return from;
      }
    }
    return null;
  }

  /** Where it is. */
  StepState state() {
    return state;
  }

  /** Whether it has its result, or was given back. */
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

  /** What bounds its attempts. */
  RetryLimits retryLimits() {
    int asked = assignment.options().backoffMs();
    return new RetryLimits(
        limits.maxAttempts(),
        asked == ExecAssignment.ABSENT ? null : Duration.ofMillis(asked),
        limits.total(),
        limits.deadline());
  }

  /** Attempts begun so far. */
  int attempts() {
    return state.attempts();
  }

  /** How long the last attempt took, or has taken so far; zero when none ran. */
  Duration attemptTime(long nowNanos) {
    return state.attemptTime(nowNanos);
  }

  /** The failure of the last attempt that failed by itself; null when none did. */
  @Nullable StepError lastError() {
    return state.history().lastError();
  }

  /** The time since the first attempt began; zero when none did. */
  Duration runTime(long nowNanos) {
    StepState now = state;
    return now.attempts() == 0 ? Duration.ZERO : Duration.ofNanos(nowNanos - now.firstStartNanos());
  }

  /** The time that counts against its budget: since its arrival where that has a deadline too. */
  Duration budgetUsed(long nowNanos) {
    return limits.deadline().bounded() ? age(nowNanos) : runTime(nowNanos);
  }

  /** When its assignment arrived, on the monotonic clock. */
  long arrivedNanos() {
    return arrivedNanos;
  }

  /** The time since its assignment arrived. */
  Duration age(long nowNanos) {
    return Duration.ofNanos(nowNanos - arrivedNanos);
  }

  /** What ends it at its deadline or budget; null when nothing does yet. */
  @Nullable DeadlineEntry deadlineEntry() {
    return deadlineEntry;
  }

  /** Keeps what ends it at its deadline or budget. */
  void watchedBy(DeadlineEntry entry) {
    deadlineEntry = entry;
    if (hasEnded()) {
      entry.cancel();
    }
  }

  /** It has ended: nobody needs to watch its deadline any more. */
  void unwatch() {
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
