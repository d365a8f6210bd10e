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
 * @param time how long the caller waits, zero or more
 * @param byDeadline whether the step's deadline is earlier than the operation's timeout
 */
record TimeLimit(OperationKind kind, Duration time, boolean byDeadline) {

  /** Returns the shorter of the operation's timeout and the time until the deadline. */
  static TimeLimit of(
      OperationKind kind, OperationTimeouts timeouts, Deadline deadline, long nowNanos) {
    Duration timeout = kind.timeout(timeouts);
    Duration time = deadline.cap(timeout, nowNanos);
    return new TimeLimit(kind, time, time.compareTo(timeout) < 0);
  }

  /** Returns whether the caller waits without a limit (CP1). */
  boolean unlimited() {
    return time.compareTo(OperationTimeouts.UNLIMITED) >= 0;
  }

  /** Returns the failure of an operation that exceeded the limit. */
  StepFailure exceeded() {
    return StepFailure.of(
        ErrorCode.CANCELLED_BY_TIMEOUT,
        byDeadline ? "The step's deadline passed" : "The file operation timed out",
        Map.of(
            "operation_type", kind.wireName(),
            "timeout_type", byDeadline ? "total" : "operation",
            "timeout_ms", time.toMillis()));
  }
}
