package io.beamline.worker.execution;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.contract.CancelStage;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.destination.AttemptVerdict;
import io.beamline.worker.destination.Permit;
import io.beamline.worker.execution.StepState.Abandoned;
import io.beamline.worker.execution.StepState.Running;
import io.beamline.worker.execution.StepView.StepStage;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.observability.tracing.AssignmentTrace;
import io.beamline.worker.observability.tracing.AttemptTrace;
import io.beamline.worker.result.Answer;
import io.beamline.worker.result.Underway;
import io.beamline.worker.retry.RetryLimits;
import io.beamline.worker.suspect.SuspectStart.Recorded;
import io.beamline.worker.timeout.Deadline;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;

/**
 * A valid assignment, from its arrival to its end. Several threads may use it at once: its {@link
 * StepState} changes by compare-and-set, and each other field is final or names the threads that
 * set it.
 */
public final class Step implements Underway {

  private static final AtomicReferenceFieldUpdater<Step, StepState> STATE =
      AtomicReferenceFieldUpdater.newUpdater(Step.class, StepState.class, "state");

  private static final String NO_DESTINATION = "";

  /** How long an attempt may go on after the end of its step before it counts as stuck. */
  private static final Duration STUCK_AFTER = Duration.ofSeconds(1);

  private final ExecAssignment assignment;
  private final Block block;
  private final FlagSnapshot flags;
  private final StepLimits limits;
  private final Answer answer;
  private final long arrivedNanos;
  private volatile StepState state;

  /** Its destination, or {@link #NO_DESTINATION}; null until somebody asks for it. */
  private volatile @Nullable String destination;

  /**
   * Set by the thread that submits the step, possibly more than once, before a thread of the pool
   * can see the step.
   */
  private @Nullable QueueOverload queueOverload;

  /**
   * Set and read only by the thread that runs an attempt. The change of state makes it visible to
   * the thread of the next attempt.
   */
  private @Nullable RetryContext retryContext;

  /**
   * Set at most once: for a deadline by the thread that submits the step, for a budget by the
   * thread whose attempt failed, or the one that parks the step. The thread that ends the step
   * reads it.
   */
  private volatile @Nullable DeadlineEntry deadlineEntry;

  /**
   * Set at most once, by the thread that starts the first attempt. The threads that end the step or
   * hand it back read it.
   */
  private volatile @Nullable Recorded recordedStart;

  /**
   * The permit for its next attempt. Set by the thread that lets it go on, and taken by the thread
   * that starts the attempt, or given back by the one that ends the step.
   */
  private volatile @Nullable Permit permit;

  /**
   * When an open breaker first kept it from its first attempt, on the monotonic clock; 0 if none
   * has. Set at most once, while the step waits for its destination and its lock is held.
   */
  private volatile long parkedNanos;

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

  /** Returns the answer to the assignment. */
  public Answer answer() {
    return answer;
  }

  /** Returns whether any CP2 flag applies to it. */
  public boolean isCp2() {
    return flags.advancedRetry()
        || flags.completeTimeout()
        || flags.circuitBreaker()
        || queueOverload != null
        || wasCancelled();
  }

  /** Sets how full its queue is. Called only with queue management on. */
  public void setQueueOverload(QueueOverload overload) {
    queueOverload = overload;
  }

  /** Returns how full its queue is, or null if queue management was off at its submission. */
  public @Nullable QueueOverload queueOverload() {
    return queueOverload;
  }

  /**
   * Changes its state to queued. Returns false if it has ended and must not be queued.
   *
   * @param place its place in the queue
   */
  public boolean queue(Place place) {
    StepState from = state;
    StepState to = from.queue(place);
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

  /** Returns whether it has ended, with or without a result. */
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
    return call(AttemptTrace.OFF);
  }

  /** Returns the arguments of its block for an attempt. */
  BlockCall call(AttemptTrace trace) {
    String traced = trace.traceparent();
    return new BlockCall(
        assignment,
        assignment.payload(),
        attempts(),
        traced == null ? answer.delivery().traceparent() : traced,
        limits.timeouts(),
        limits.deadline(),
        flags.advancedRetry(),
        this::hasEnded);
  }

  /** Returns what operators see of it, or null if it has ended. */
  public @Nullable StepView view(long nowNanos) {
    StepState now = state;
    CancelStage stage = now.stage();
    return stage == null ? null : view(now, StepStage.of(stage), null, nowNanos);
  }

  /**
   * Returns what operators see of it if it is stuck, else null: it ended more than a second ago,
   * because it was cut or cancelled, and the attempt that ran then still runs.
   */
  public @Nullable StepView stuckView(long nowNanos) {
    StepState now = state;
    Abandoned abandoned = now instanceof StepState.Ended ended ? ended.abandoned() : null;
    if (abandoned == null || abandoned.attempt().hasLeft()) {
      return null;
    }
    Duration since = Duration.ofNanos(nowNanos - abandoned.sinceNanos());
    return since.compareTo(STUCK_AFTER) < 0
        ? null
        : view(now, StepStage.STUCK, since.toMillis(), nowNanos);
  }

  private StepView view(StepState now, StepStage stage, @Nullable Long stuckMs, long nowNanos) {
    Deadline deadline = limits.deadline();
    return new StepView(
        assignment.assignmentId(),
        assignment.tenantId(),
        type(),
        stage,
        now.attempts(),
        age(nowNanos).toMillis(),
        deadline.bounded()
            ? Math.max(0, Duration.ofNanos(deadline.remainingNanos(nowNanos)).toMillis())
            : null,
        stuckMs);
  }

  /** Begins the span of its attempt on the calling thread. */
  AttemptTrace trace(Running attempt) {
    AssignmentTrace trace = answer.delivery().trace();
    AttemptHistory history = attempt.history();
    return trace.attempt(
        attempt.attempts(),
        type(),
        history.lastWait().toMillis(),
        trace.isRecording() ? tracedDestination() : null);
  }

  /** Returns its destination, or null if its block cannot say it: no attempt fails for that. */
  private @Nullable String tracedDestination() {
    try {
      return destination();
    } catch (RuntimeException | Error e) {
      return null;
    }
  }

  /** Returns whom or what it works on, from {@link Block#destination}; null if unknown. */
  public @Nullable String destination() {
    String known = destination;
    if (known == null) {
      String found = block.destination(call());
      known = found == null ? NO_DESTINATION : found;
      destination = known;
    }
    return known.isEmpty() ? null : known;
  }

  /** Returns whether it was cancelled on request. */
  boolean wasCancelled() {
    return state instanceof StepState.Ended ended && ended.onRequest();
  }

  /** Returns whether its destination expects its next attempt. */
  public boolean hasPermit() {
    return permit != null;
  }

  /** Returns the permit for its next attempt, or null if it has none. */
  @Nullable Permit permit() {
    return permit;
  }

  /** Sets the permit for its next attempt. Gives it back if the step has ended. */
  void setPermit(Permit granted) {
    permit = granted;
    if (hasEnded()) {
      giveBackPermit();
    }
  }

  /** Removes and returns the permit, for the attempt that starts. */
  @Nullable Permit takePermit() {
    Permit taken = permit;
    permit = null;
    return taken;
  }

  /** Gives the permit back, because no attempt will use it. */
  void giveBackPermit() {
    Permit unused = takePermit();
    if (unused != null) {
      unused.giveBack(AttemptVerdict.NOTHING);
    }
  }

  /** Records that it is parked now, if that is the first time and no attempt has started. */
  void parked(long nowNanos) {
    if (parkedNanos == 0 && attempts() == 0) {
      parkedNanos = nowNanos;
    }
  }

  /** Returns whether its retry budget runs: an attempt has started, or it was parked. */
  boolean hasBudgetBegun() {
    return parkedNanos != 0 || attempts() > 0;
  }

  /** Returns when its retry budget began, on the monotonic clock, if it has begun. */
  long budgetStartNanos() {
    return parkedNanos != 0 ? parkedNanos : state.firstStartNanos();
  }

  /** Returns the limits of its attempts. */
  RetryLimits retryLimits() {
    int asked = assignment.options().backoffMs();
    return new RetryLimits(
        limits.maxAttempts(),
        assignment.options().maxAttempts() != ExecAssignment.ABSENT,
        asked == ExecAssignment.ABSENT ? null : Duration.ofMillis(asked),
        limits.total(),
        limits.deadline());
  }

  /** Returns the number of attempts started so far. */
  int attempts() {
    return state.attempts();
  }

  /**
   * Returns how long the last attempt took, or has taken until now if it still runs. Zero if none
   * has started.
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
  public long arrivedNanos() {
    return arrivedNanos;
  }

  /** Returns the time since its assignment arrived. */
  Duration age(long nowNanos) {
    return Duration.ofNanos(nowNanos - arrivedNanos);
  }

  /**
   * Returns its entry in the timers, which ends it at its deadline or at the end of its budget.
   * Null if it has none.
   */
  @Nullable DeadlineEntry deadlineEntry() {
    return deadlineEntry;
  }

  /** Sets its entry in the timers. Cancels the entry if the step has ended. */
  void setDeadlineEntry(DeadlineEntry entry) {
    deadlineEntry = entry;
    if (hasEnded()) {
      entry.cancel();
    }
  }

  /** Cancels its entry in the timers, because it has ended. */
  void cancelDeadline() {
    DeadlineEntry entry = deadlineEntry;
    if (entry != null) {
      entry.cancel();
    }
  }

  /** Returns its start as a suspect, or null if none is recorded. */
  @Nullable Recorded recordedStart() {
    return recordedStart;
  }

  /** Sets its start as a suspect. */
  void setRecordedStart(Recorded start) {
    recordedStart = start;
  }

  @Nullable RetryContext retryContext() {
    return retryContext;
  }

  void retryContext(@Nullable RetryContext context) {
    retryContext = context;
  }
}
