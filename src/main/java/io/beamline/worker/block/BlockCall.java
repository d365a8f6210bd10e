package io.beamline.worker.block;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;

/**
 * The arguments of a block for one attempt of a step. Immutable.
 *
 * @param assignmentId the id of the assignment, opaque
 * @param payload {@code job.payload}, a JSON object
 * @param timeouts how long each operation may take
 * @param deadline when the whole step must end
 * @param idempotencyKey whether to send the assignment's id as an idempotency key (W3-1.1)
 */
public record BlockCall(
    String assignmentId,
    RawJson payload,
    OperationTimeouts timeouts,
    Deadline deadline,
    boolean idempotencyKey) {

  /** Parses the payload and returns its fields. */
  public Inputs inputs() {
    return Inputs.of(payload);
  }
}
