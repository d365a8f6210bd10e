package io.beamline.worker.execution;

import io.beamline.worker.contract.StepError;
import io.beamline.worker.timeout.OperationTimeouts;
import java.time.Duration;

/**
 * A time limit that an attempt or a step has exceeded, for metrics and logs (contract sections 10
 * and 11). Immutable.
 *
 * @param operationType {@code http}, {@code fs_read}, {@code fs_write}, {@code fs_delete}, {@code
 *     sql_query}, or the step's type
 * @param timeoutType {@code connect}, {@code handshake}, {@code response}, {@code operation},
 *     {@code total} or {@code queue}
 * @param timeoutMs the allowed time
 * @param elapsedMs the elapsed time
 */
record PassedLimit(String operationType, String timeoutType, long timeoutMs, long elapsedMs) {

  private static final String TOTAL = "total";

  /**
   * Returns the limit that an attempt exceeded, from the details of its error; missing details come
   * from the step's limits.
   */
  static PassedLimit ofAttempt(Step step, StepError error, long nowNanos) {
    String operationType = error.detail("operation_type");
    String timeoutType = error.detail("timeout_type");
    return new PassedLimit(
        operationType.isEmpty() ? step.type() : operationType,
        timeoutType.isEmpty() ? TOTAL : timeoutType,
        number(error, "timeout_ms", allowed(step.limits(), operationType, timeoutType)),
        number(error, "elapsed_ms", step.attemptTime(nowNanos)));
  }

  /** Returns the deadline that has ended a step. */
  static PassedLimit ofStep(Step step, EndReason reason, long nowNanos) {
    return new PassedLimit(
        step.type(),
        reason == EndReason.DEADLINE_IN_QUEUE ? "queue" : TOTAL,
        step.limits().total().toMillis(),
        step.age(nowNanos).toMillis());
  }

  private static long number(StepError error, String detail, Duration otherwise) {
    return error.details().get(detail) instanceof Number known
        ? known.longValue()
        : otherwise.toMillis();
  }

  private static Duration allowed(StepLimits limits, String operationType, String timeoutType) {
    OperationTimeouts timeouts = limits.timeouts();
    return switch (timeoutType) {
      case "connect", "handshake" -> timeouts.httpConnect();
      case "response" -> timeouts.httpResponse();
      case "operation" ->
          switch (operationType) {
            case "fs_read" -> timeouts.fileRead();
            case "fs_write" -> timeouts.fileWrite();
            default -> timeouts.fileDelete();
          };
      default -> limits.total();
    };
  }
}
