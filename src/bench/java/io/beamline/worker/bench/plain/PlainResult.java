package io.beamline.worker.bench.plain;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a step ended.
 *
 * @param result the outputs; null for an error
 * @param errorMessage null for a success
 * @param latencyMs how long it took
 * @param timestamp in ms since the epoch
 * @param correlation as the assignment has it; null for none
 */
record PlainResult(
    String version,
    String assignmentId,
    String requestId,
    String tenantId,
    String status,
    String providerId,
    Map<String, String> job,
    @Nullable Map<String, ?> result,
    @Nullable String errorCode,
    @Nullable String errorMessage,
    long latencyMs,
    long timestamp,
    @Nullable Map<String, Object> correlation) {

  static PlainResult success(PlainAssignment assignment, long begun, Map<String, ?> outputs) {
    return of(assignment, begun, "success", outputs, null, null);
  }

  static PlainResult error(PlainAssignment assignment, long begun, Throwable failure) {
    return of(assignment, begun, "error", null, "INTERNAL_ERROR", String.valueOf(failure));
  }

  private static PlainResult of(
      PlainAssignment assignment,
      long begun,
      String status,
      @Nullable Map<String, ?> outputs,
      @Nullable String errorCode,
      @Nullable String errorMessage) {
    long now = System.currentTimeMillis();
    return new PlainResult(
        "1",
        assignment.assignmentId(),
        assignment.requestId(),
        assignment.tenantId(),
        status,
        assignment.executor().providerId(),
        Map.of("type", assignment.job().type()),
        outputs,
        errorCode,
        errorMessage,
        now - begun,
        now,
        assignment.correlation());
  }
}
