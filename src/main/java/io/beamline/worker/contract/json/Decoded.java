package io.beamline.worker.contract.json;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.RejectReason;
import java.util.List;

/** What a message turned out to be: an assignment, a refused one, or none. Immutable. */
public sealed interface Decoded {

  /**
   * A valid assignment.
   *
   * @param assignment the assignment
   * @param adjustments changes to optional values, for the log; usually empty
   */
  record Valid(ExecAssignment assignment, List<String> adjustments) implements Decoded {}

  /**
   * An assignment that an ack refuses.
   *
   * @param identity the valid ids of the assignment; its assignment id is not null
   * @param reason the first reason that applies, in the order of contract section 2
   * @param detail every fault, for people
   */
  record Rejected(AssignmentIdentity identity, RejectReason reason, String detail)
      implements Decoded {}

  /**
   * A message that is no assignment and becomes a dead letter.
   *
   * @param identity the valid ids that were read before the fault
   * @param fault the fault, for people
   */
  record Malformed(AssignmentIdentity identity, String fault) implements Decoded {}
}
