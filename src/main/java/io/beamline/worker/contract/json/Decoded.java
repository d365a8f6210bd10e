package io.beamline.worker.contract.json;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.RejectReason;
import java.util.List;

/** What came of reading a message as an assignment: bad input is a result, not an exception. */
public sealed interface Decoded {

  /**
   * An assignment that can be run.
   *
   * @param assignment the assignment
   * @param adjustments what was clamped or defaulted, for the log; usually empty
   */
  record Valid(ExecAssignment assignment, List<String> adjustments) implements Decoded {}

  /**
   * An assignment to be refused by an ack.
   *
   * @param identity what is known; its assignment id is never null
   * @param reason the first fault by importance
   * @param detail every fault, for a person
   */
  record Rejected(AssignmentIdentity identity, RejectReason reason, String detail)
      implements Decoded {}

  /**
   * No assignment at all: a dead letter.
   *
   * @param identity what is known
   * @param fault what is wrong, for a person
   */
  record Malformed(AssignmentIdentity identity, String fault) implements Decoded {}
}
