package io.beamline.worker.bench.plain;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the service reads of an assignment; the rest it ignores.
 *
 * @param correlation null for none
 */
record PlainAssignment(
    String assignmentId,
    String requestId,
    String tenantId,
    Executor executor,
    Job job,
    @Nullable Map<String, Object> correlation) {

  /**
   * Who should run it.
   *
   * @param providerId repeated in the result
   */
  record Executor(String providerId) {}

  /**
   * What to do.
   *
   * @param type such as {@code echo}
   * @param payload the inputs
   */
  record Job(String type, Map<String, Object> payload) {}
}
