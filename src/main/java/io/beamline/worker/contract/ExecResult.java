package io.beamline.worker.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The terminal answer to an accepted assignment (contract section 2, ExecResult). Immutable.
 *
 * @param identity whom it answers; the assignment id is never null
 * @param outcome how the step ended
 * @param latencyMs the last attempt's duration, 0 when it never ran
 * @param retriesUsed attempts after the first, never below 0
 * @param timestamp ms since the epoch
 * @param cp2 what the flags add, {@link Cp2#NOTHING} with every flag off
 */
public record ExecResult(
    AssignmentIdentity identity,
    StepOutcome outcome,
    long latencyMs,
    int retriesUsed,
    long timestamp,
    Cp2 cp2) {

  /** The most elements that {@code attempts} has. */
  public static final int MAX_ATTEMPT_REPORTS = 20;

  /**
   * What the flags add to a result; each part null when its flag was off.
   *
   * @param elapsedMs from arrival to end; with advanced retry or complete timeout
   * @param attempts what happened at each attempt; with advanced retry
   * @param queueDepth steps that waited when this one was queued; with queue management
   * @param overloadStatus the pool's status when the step ended; with queue management
   */
  public record Cp2(
      @Nullable Long elapsedMs,
      @Nullable List<AttemptReport> attempts,
      @Nullable Integer queueDepth,
      @Nullable String overloadStatus) {

    /** Every flag is off. */
    public static final Cp2 NOTHING = new Cp2(null, null, null, null);
  }

  /** The answer to what ended with an error before any attempt, and before any flag applied. */
  public static ExecResult neverRan(AssignmentIdentity identity, StepError error, long timestamp) {
    return new ExecResult(identity, new StepOutcome.Failure(error), 0, 0, timestamp, Cp2.NOTHING);
  }

  /** The same answer with another outcome. */
  public ExecResult withOutcome(StepOutcome other) {
    return new ExecResult(identity, other, latencyMs, retriesUsed, timestamp, cp2);
  }

  /** The same answer with another identity. */
  public ExecResult withIdentity(AssignmentIdentity other) {
    return new ExecResult(other, outcome, latencyMs, retriesUsed, timestamp, cp2);
  }
}
