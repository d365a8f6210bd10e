package io.beamline.worker.block.fs;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import java.time.Duration;
import java.util.Map;

/**
 * How long a caller waits for one operation. Immutable.
 *
 * @param kind what the operation does
 * @param time how long, zero or more
 * @param total whether the step's deadline cuts earlier than the operation's own timeout
 */
record TimeLimit(OperationKind kind, Duration time, boolean total) {

  /** The operation's timeout, or what is left until the deadline when that is shorter. */
  static TimeLimit of(
      OperationKind kind, OperationTimeouts timeouts, Deadline deadline, long nowNanos) {
    Duration timeout = kind.timeout(timeouts);
    Duration time = deadline.cap(timeout, nowNanos);
    return new TimeLimit(kind, time, time.compareTo(timeout) < 0);
  }

  /** Whether the caller waits for ever (CP1). */
  boolean unlimited() {
    return time.compareTo(OperationTimeouts.UNLIMITED) >= 0;
  }

  /** The failure of an operation that did not end in time. */
  StepFailure exceeded() {
    return StepFailure.of(
        ErrorCode.CANCELLED_BY_TIMEOUT,
        total ? "The step's deadline passed" : "The file operation timed out",
        Map.of(
            "operation_type", kind.wireName(),
            "timeout_type", total ? "total" : "operation",
            "timeout_ms", time.toMillis()));
  }
}
