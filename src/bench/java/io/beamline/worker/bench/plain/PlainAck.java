package io.beamline.worker.bench.plain;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says that an assignment was accepted.
 *
 * @param correlation as the assignment has it; null for none
 * @param acknowledgedAt in ms since the epoch
 */
record PlainAck(
    String version,
    String assignmentId,
    String requestId,
    String tenantId,
    String status,
    @Nullable Map<String, Object> correlation,
    long acknowledgedAt,
    Map<String, String> metadata) {

  static PlainAck of(PlainAssignment assignment) {
    return new PlainAck(
        "1",
        assignment.assignmentId(),
        assignment.requestId(),
        assignment.tenantId(),
        "accepted",
        assignment.correlation(),
        System.currentTimeMillis(),
        Map.of("worker_id", "plain"));
  }
}
