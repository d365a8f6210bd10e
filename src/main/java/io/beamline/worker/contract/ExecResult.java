package io.beamline.worker.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a step ended (contract section 2, ExecResult). Immutable.
 *
 * @param identity the ids of the assignment
 * @param outcome the outputs or the error
 * @param latencyMs the last attempt's duration in ms, 0 if none ran
 * @param retriesUsed the number of attempts after the first, 0 or more
 * @param timestamp when the step ended, in ms since the epoch
 * @param cp2 the fields that flags add, {@link Cp2#NOTHING} if every flag is off
 */
public record ExecResult(
    AssignmentIdentity identity,
    StepOutcome outcome,
    long latencyMs,
    int retriesUsed,
    long timestamp,
    Cp2 cp2) {

  /** The most entries of {@code attempts}. */
  public static final int MAX_ATTEMPT_REPORTS = 20;

  /**
   * The fields that flags add to a result. A field is null if its flag was off.
   *
   * @param elapsedMs ms from arrival to end; with advanced retry or complete timeout
   * @param attempts one report per attempt, at most 20; with advanced retry
   * @param queueDepth the steps that waited when this one was queued; with queue management
   * @param overloadStatus the pool's status when the step ended; with queue management
   */
  public record Cp2(
      @Nullable Long elapsedMs,
      @Nullable List<AttemptReport> attempts,
      @Nullable Integer queueDepth,
      @Nullable String overloadStatus) {

    /** No field, because every flag is off. */
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
