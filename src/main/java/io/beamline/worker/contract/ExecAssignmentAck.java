package io.beamline.worker.contract;

import org.jspecify.annotations.Nullable;

/**
 * The answer whether the worker takes an assignment (contract section 2, ExecAssignmentAck).
 * Immutable.
 *
 * @param identity the ids of the assignment; the assignment id is not null
 * @param status the decision
 * @param reason the reason as a machine code, null if accepted
 * @param detail a text for people that names every fault, null if accepted
 * @param overload the pool's state when the assignment was submitted; null if it was not, or if
 *     queue management is off
 * @param workerId the id of this worker
 * @param acknowledgedAt the time of the decision, in ms since the epoch
 */
public record ExecAssignmentAck(
    AssignmentIdentity identity,
    AckStatus status,
    @Nullable String reason,
    @Nullable String detail,
    @Nullable Overload overload,
    String workerId,
    long acknowledgedAt) {

  /** The decision about an assignment. */
  public enum AckStatus {
    /** The assignment is queued; a result follows. */
    ACCEPTED("accepted"),
    /** The assignment is refused; no result follows unless {@code result-on-rejection} is set. */
    REJECTED("rejected"),
    /** The worker failed before it could decide; the server delivers the assignment again. */
    ERROR("error");

    private final String wireName;

    AckStatus(String wireName) {
      this.wireName = wireName;
    }

    /** Returns the name in messages and metrics. */
    public String wireName() {
      return wireName;
    }
  }
}
