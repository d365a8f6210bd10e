package io.beamline.worker.contract;

import org.jspecify.annotations.Nullable;

/**
 * The answer to an assignment before its result (contract section 2, ExecAssignmentAck). Immutable.
 *
 * @param identity whom it answers; the assignment id is never null
 * @param status the decision
 * @param reason the machine code, null when accepted
 * @param detail human text that names every fault, null when there is none
 * @param overload the pool's state, null with queue management off
 * @param workerId who answers
 * @param acknowledgedAt ms since the epoch
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
    /** The queue took it; a result follows. */
    ACCEPTED("accepted"),
    /** It is refused; no result follows. */
    REJECTED("rejected"),
    /** The worker failed before it could decide; the assignment goes back to the server. */
    ERROR("error");

    private final String wireName;

    AckStatus(String wireName) {
      this.wireName = wireName;
    }

    /** The name as it appears in messages and metrics. */
    public String wireName() {
      return wireName;
    }
  }
}
