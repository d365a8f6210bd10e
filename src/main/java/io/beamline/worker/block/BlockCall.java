package io.beamline.worker.block;

import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.json.JsonFields;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a block for one attempt of a step. Immutable, except that the step may be
 * cancelled meanwhile.
 *
 * @param assignment whom the step is for; its payload is as it came
 * @param payload the inputs of the block, a JSON object: {@code job.payload}, unless the step's
 *     type is configured and has inputs of its own
 * @param attempt the number of the attempt, from 1; 0 while only its destination is asked for
 * @param traceparent the W3C trace context of the assignment's message, to be passed on; null if it
 *     has none
 * @param timeouts how long each operation may take
 * @param deadline when the whole step must end
 * @param idempotencyKey whether to send the assignment's id as an idempotency key (W3-1.1)
 * @param cancellation whether the step has ended meanwhile; thread-safe
 */
public record BlockCall(
    ExecAssignment assignment,
    RawJson payload,
    int attempt,
    @Nullable String traceparent,
    OperationTimeouts timeouts,
    Deadline deadline,
    boolean idempotencyKey,
    BooleanSupplier cancellation) {

  /** Returns the call of another block for the same attempt. */
  public BlockCall with(RawJson otherPayload, OperationTimeouts otherTimeouts) {
    return new BlockCall(
        assignment,
        otherPayload,
        attempt,
        traceparent,
        otherTimeouts,
        deadline,
        idempotencyKey,
        cancellation);
  }

  /** Returns the assignment's id: 1 to 128 printable ASCII characters. */
  public String assignmentId() {
    return assignment.assignmentId();
  }

  /** Returns the tenant's id: 1 to 256 bytes in UTF-8. */
  public String tenantId() {
    return assignment.tenantId();
  }

  /** Returns the request's id: 1 to 1024 bytes in UTF-8. */
  public String requestId() {
    return assignment.requestId();
  }

  /** Returns the provider's id, a text that is not empty. */
  public String providerId() {
    return assignment.providerId();
  }

  /** Returns the ids of the run that the step belongs to. */
  public Correlation correlation() {
    return assignment.correlation();
  }

  /**
   * Returns whether the step has ended although the attempt still runs: it was cancelled, or cut at
   * its deadline or in a drain. The thread of the attempt is also interrupted.
   */
  public boolean isCancelled() {
    return cancellation.getAsBoolean();
  }

  /**
   * Returns one text of the payload, without reading what follows it: for what must be known before
   * the attempt. Null if there is none.
   */
  public @Nullable String text(String field) {
    return JsonFields.text(payload, field);
  }

  /** Parses the payload and returns its fields. */
  public Inputs inputs() {
    return Inputs.of(payload);
  }
}
