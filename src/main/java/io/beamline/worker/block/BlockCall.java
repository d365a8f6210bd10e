package io.beamline.worker.block;

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
 * @param assignmentId the id of the assignment, opaque
 * @param payload {@code job.payload}, a JSON object
 * @param timeouts how long each operation may take
 * @param deadline when the whole step must end
 * @param idempotencyKey whether to send the assignment's id as an idempotency key (W3-1.1)
 * @param cancellation whether the step has ended meanwhile; thread-safe
 */
public record BlockCall(
    String assignmentId,
    RawJson payload,
    OperationTimeouts timeouts,
    Deadline deadline,
    boolean idempotencyKey,
    BooleanSupplier cancellation) {

  /** Creates the arguments of an attempt that nobody cancels. */
  public BlockCall(
      String assignmentId,
      RawJson payload,
      OperationTimeouts timeouts,
      Deadline deadline,
      boolean idempotencyKey) {
    this(assignmentId, payload, timeouts, deadline, idempotencyKey, () -> false);
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
