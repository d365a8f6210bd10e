package io.beamline.worker.execution;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.contract.AttemptReport;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.result.Answer;
import io.beamline.worker.retry.RetryBudget;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;

/**
 * One accepted assignment on its way from attempt to attempt. One thread at a time works on it; it
 * is handed on through queues, which make its state visible to the next thread.
 */
public final class Step {

  private final ExecAssignment assignment;
  private final Block block;
  private final FlagSnapshot flags;
  private final StepLimits limits;
  private final Answer answer;
  private final long arrivedNanos;
  private int attempts;
  private long firstStartNanos;
  private long attemptStartNanos;
  private long attemptNanos;
  private volatile boolean attemptRuns;
  private boolean left;
  private @Nullable Duration wait;
  private boolean budgetExhausted;
  private @Nullable StepError lastError;
  private final List<AttemptReport> reports;
  private @Nullable RetryContext retryContext;
  private volatile @Nullable Watched watched;
  private volatile boolean ended;
  private @Nullable QueueTicket queueTicket;

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
    this.reports = flags.advancedRetry() ? new CopyOnWriteArrayList<>() : List.of();
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

  /** Says how the queue was that it is submitted to; only with queue management on. */
  public void submitted(QueueTicket ticket) {
    queueTicket = ticket;
  }

  /** The queue that it was submitted to, null when queue management was off then. */
  public @Nullable QueueTicket queueTicket() {
    return queueTicket;
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

  void attemptStarted(long nowNanos) {
    attempts++;
    attemptStartNanos = nowNanos;
    if (attempts == 1) {
      firstStartNanos = nowNanos;
    }
    attemptRuns = true;
  }

  void attemptEnded(long nowNanos) {
    attemptNanos = nowNanos - attemptStartNanos;
    attemptRuns = false;
  }

  /** Keeps that the attempt that runs is cut; nothing when none does. */
  void cut(StepError error, long nowNanos) {
    if (attemptRuns) {
      report(error.status(), error, Duration.ZERO, nowNanos);
    }
  }

  /** Attempts begun so far. */
  int attempts() {
    return attempts;
  }

  /** How long the last attempt took, or has taken so far; zero when none ran. */
  Duration attemptTime(long nowNanos) {
    return Duration.ofNanos(attemptRuns ? nowNanos - attemptStartNanos : attemptNanos);
  }

  /** The time since the first attempt began; zero when none did. */
  Duration runTime(long nowNanos) {
    return attempts == 0 ? Duration.ZERO : Duration.ofNanos(nowNanos - firstStartNanos);
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

  /** Says that another attempt is to follow, after a wait. */
  void planRetry(Duration waitBefore) {
    wait = waitBefore;
  }

  /** The wait before the next attempt, once; null when none is to follow. */
  @Nullable Duration takePlannedRetry() {
    Duration planned = wait;
    wait = null;
    return planned;
  }

  /** The budget of all attempts; null with advanced retry off, or before the first attempt. */
  @Nullable RetryBudget budget() {
    if (!flags.advancedRetry() || attempts == 0) {
      return null;
    }
    return limits.deadline().bounded()
        ? new RetryBudget(limits.total(), limits.deadline())
        : RetryBudget.from(firstStartNanos, limits.total());
  }

  /** Says that no attempt is to follow because the budget is used up. */
  void exhaustBudget() {
    budgetExhausted = true;
  }

  /** Whether the budget ended the step. */
  boolean isBudgetExhausted() {
    return budgetExhausted;
  }

  /** Keeps the failure of the last attempt. */
  void failedWith(StepError error) {
    lastError = error;
  }

  /** The failure of the last attempt that failed; null when none did. */
  @Nullable StepError lastError() {
    return lastError;
  }

  /**
   * Keeps what happened at the last attempt, once; with advanced retry only, and so often at most.
   */
  synchronized void report(
      StepStatus status, @Nullable StepError error, Duration waitAfter, long nowNanos) {
    if (flags.advancedRetry()
        && reports.size() < ExecResult.MAX_ATTEMPT_REPORTS
        && (reports.isEmpty() || reports.getLast().attempt() < attempts)) {
      reports.add(
          new AttemptReport(
              attempts,
              status,
              error == null ? null : error.code(),
              error == null ? null : error.httpStatus(),
              attemptTime(nowNanos).toMillis(),
              waitAfter.toMillis()));
    }
  }

  /** What happened at each attempt. */
  List<AttemptReport> reports() {
    return reports;
  }

  /** Keeps what ends the step at its deadline. */
  void watchedBy(Watched watch) {
    watched = watch;
    if (ended) {
      watch.forget();
    }
  }

  /** Whether the step has its result or was handed back. */
  boolean hasEnded() {
    return ended;
  }

  /** The step has its result or was handed back: nobody needs to watch its deadline any more. */
  void unwatch() {
    ended = true;
    Watched watch = watched;
    if (watch != null) {
      watch.forget();
    }
  }

  /** Gives its assignment back to the server, unless it has its answer. */
  void handBack() {
    unwatch();
    answer.handBack();
  }

  /** Says that the step is no longer here; true the first time only. */
  synchronized boolean leave() {
    boolean first = !left;
    left = true;
    return first;
  }

  @Nullable RetryContext retryContext() {
    return retryContext;
  }

  void retryContext(@Nullable RetryContext context) {
    retryContext = context;
  }
}
