package io.beamline.worker.result;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.ExecAssignmentAck;
import io.beamline.worker.contract.ExecAssignmentAck.Status;
import io.beamline.worker.contract.Overload;
import org.jspecify.annotations.Nullable;

/**
 * What an ack says, without whom it is for: the next delivery of the same assignment tells that
 * again. Immutable.
 *
 * @param reason the machine code, null when accepted
 * @param detail human text that names every fault, null when there is none
 * @param overload the pool's state, null with queue management off
 * @param cp2 whether a flag applied
 * @param workerId who decided
 * @param decidedAt ms since the epoch
 */
record Decision(
    Status status,
    @Nullable String reason,
    @Nullable String detail,
    @Nullable Overload overload,
    boolean cp2,
    String workerId,
    long decidedAt) {

  /** The ack to somebody. */
  ExecAssignmentAck to(AssignmentIdentity identity) {
    return new ExecAssignmentAck(identity, status, reason, detail, overload, workerId, decidedAt);
  }
}
