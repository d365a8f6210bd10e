package io.beamline.worker.execution;

import io.beamline.worker.contract.CancelStage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A step that is under way, or whose attempt is stuck, for operators (contract section 9).
 * Immutable.
 *
 * @param assignmentId the id of its assignment
 * @param tenantId its tenant
 * @param stepType the canonical name of its block
 * @param stage where it is
 * @param attempts the attempts started so far
 * @param ageMs the time since its assignment arrived
 * @param deadlineInMs the time until its deadline, 0 when that has passed; null if it has none
 * @param stuckMs the time since its end, at which its attempt did not stop; null unless it is stuck
 */
public record StepView(
    String assignmentId,
    String tenantId,
    String stepType,
    StepStage stage,
    int attempts,
    long ageMs,
    @Nullable Long deadlineInMs,
    @Nullable Long stuckMs) {

  /** Where a step is. */
  public enum StepStage {
    /** It waits for a slot, or is about to be queued. */
    QUEUED,
    /** It waits for its next attempt, or for its destination. */
    WAITING,
    /** An attempt runs. */
    RUNNING,
    /** It has ended, but an attempt of it still runs. */
    STUCK;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    static StepStage of(CancelStage stage) {
      return switch (stage) {
        case QUEUED, UNDELIVERED -> QUEUED;
        case WAITING -> WAITING;
        case RUNNING -> RUNNING;
      };
    }

    /** Returns the name in {@code /actuator/assignments}. */
    public String wireName() {
      return wireName;
    }
  }
}
