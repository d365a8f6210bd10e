package io.beamline.worker.result;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.ExecAssignmentAck;
import io.beamline.worker.contract.ExecAssignmentAck.AckStatus;
import io.beamline.worker.contract.Overload;
import org.jspecify.annotations.Nullable;

/**
 * The content of an ack without the ids of the assignment, which each redelivery brings again.
 * Immutable.
 *
 * @param reason the machine code, null if accepted
 * @param detail a text for people that names every fault, null if accepted
 * @param overload the pool's state, null with queue management off
 * @param cp2 whether at least one flag applied
 * @param workerId the worker that decided
 * @param decidedAt the time of the decision, in ms since the epoch
 */
record AckDecision(
    AckStatus status,
    @Nullable String reason,
    @Nullable String detail,
    @Nullable Overload overload,
    boolean cp2,
    String workerId,
    long decidedAt) {

  /** Returns the ack for the assignment with the given ids. */
  ExecAssignmentAck to(AssignmentIdentity identity) {
    return new ExecAssignmentAck(identity, status, reason, detail, overload, workerId, decidedAt);
  }
}
