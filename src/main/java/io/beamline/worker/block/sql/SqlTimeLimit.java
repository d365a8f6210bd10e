package io.beamline.worker.block.sql;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.timeout.Deadline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long an attempt waits for its statement. Immutable.
 *
 * @param time zero or more
 * @param byDeadline whether the step's deadline is earlier than the timeout of statements
 * @param startNanos when the wait began, on the monotonic clock
 */
record SqlTimeLimit(Duration time, boolean byDeadline, long startNanos) {

  /** Returns the shorter of the timeout and the time until the deadline. */
  static SqlTimeLimit of(Duration timeout, Deadline deadline, long nowNanos) {
    Duration time = deadline.cap(timeout, nowNanos);
    return new SqlTimeLimit(time, time.compareTo(timeout) < 0, nowNanos);
  }

  /**
   * Returns the failure of a statement that exceeded the limit.
   *
   * @param stage how far the statement had come
   */
  StepFailure exceeded(SqlTask.Stage stage, String datasource, long nowNanos) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("operation_type", "sql_query");
    details.put("timeout_type", byDeadline ? "total" : timeoutType(stage));
    details.put("timeout_ms", time.toMillis());
    details.put("elapsed_ms", Duration.ofNanos(nowNanos - startNanos).toMillis());
    details.put("datasource", datasource);
    return byDeadline
        ? StepFailure.of(
            ErrorCode.CANCELLED_BY_TIMEOUT,
            "The step's time was over before the statement ended",
            details)
        : StepFailure.of(ErrorCode.CONNECTION_TIMEOUT, "The statement took too long", details);
  }

  private static String timeoutType(SqlTask.Stage stage) {
    return switch (stage) {
      case QUEUED, CONNECTING -> "connect";
      case RUNNING, COMMITTING, ENDED -> "response";
    };
  }
}
