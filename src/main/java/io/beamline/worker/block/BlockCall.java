package io.beamline.worker.block;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;

/**
 * One attempt of a step, as its block sees it. Immutable.
 *
 * @param assignmentId the assignment, opaque
 * @param payload {@code job.payload}, a JSON object
 * @param timeouts how long each operation may take
 * @param deadline when the whole step must end
 * @param idempotencyKey whether the assignment's id is to be sent as an idempotency key (W3-1.1)
 */
public record BlockCall(
    String assignmentId,
    RawJson payload,
    OperationTimeouts timeouts,
    Deadline deadline,
    boolean idempotencyKey) {

  /** The payload's fields, parsed. */
  public Inputs inputs() {
    return Inputs.of(payload);
  }
}
