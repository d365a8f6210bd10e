package io.beamline.worker.execution;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.result.Answer;
import java.time.Duration;
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
  private @Nullable Duration wait;
  private @Nullable RetryContext retryContext;

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
    return flags.advancedRetry() || flags.completeTimeout();
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
  }

  void attemptEnded(long nowNanos) {
    attemptNanos = nowNanos - attemptStartNanos;
  }

  /** Attempts begun so far. */
  int attempts() {
    return attempts;
  }

  /** How long the last attempt took; zero when none ran. */
  Duration attemptTime() {
    return Duration.ofNanos(attemptNanos);
  }

  /** The time since the first attempt began; zero when none did. */
  Duration runTime(long nowNanos) {
    return attempts == 0 ? Duration.ZERO : Duration.ofNanos(nowNanos - firstStartNanos);
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

  @Nullable RetryContext retryContext() {
    return retryContext;
  }

  void retryContext(@Nullable RetryContext context) {
    retryContext = context;
  }
}
