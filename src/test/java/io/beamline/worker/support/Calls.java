package io.beamline.worker.support;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import java.util.function.BooleanSupplier;

/** Calls of blocks, as a step makes them, for tests of a block without a worker. */
public final class Calls {

  private Calls() {}

  /** The first attempt of a step that nobody cancels. */
  public static BlockCall of(
      String assignmentId,
      RawJson payload,
      OperationTimeouts timeouts,
      Deadline deadline,
      boolean idempotencyKey) {
    return of(assignmentId, payload, timeouts, deadline, idempotencyKey, () -> false);
  }

  /** The first attempt of a step that may be cancelled. */
  public static BlockCall of(
      String assignmentId,
      RawJson payload,
      OperationTimeouts timeouts,
      Deadline deadline,
      boolean idempotencyKey,
      BooleanSupplier cancellation) {
    ExecAssignment assignment =
        new ExecAssignment(
            assignmentId,
            "request-1",
            "tenant-1",
            "provider-1",
            "test",
            payload,
            new ExecAssignment.Options(
                0, ExecAssignment.ABSENT, ExecAssignment.ABSENT, ExecAssignment.ABSENT),
            Correlation.NONE);
    return new BlockCall(
        assignment, payload, 1, null, timeouts, deadline, idempotencyKey, cancellation);
  }
}
