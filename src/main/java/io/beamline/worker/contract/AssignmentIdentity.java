package io.beamline.worker.contract;

import org.jspecify.annotations.Nullable;

/**
 * The ids of an assignment, as answers repeat them. An id is null if the message has none that
 * follows the rules of contract section 2. Immutable.
 *
 * @param assignmentId 1 to 128 printable ASCII characters
 * @param requestId 1 to 1024 bytes in UTF-8
 * @param tenantId 1 to 256 bytes in UTF-8
 * @param providerId the provider as it came
 * @param jobType the job's type as it came
 * @param correlation the ids of the run
 */
public record AssignmentIdentity(
    @Nullable String assignmentId,
    @Nullable String requestId,
    @Nullable String tenantId,
    @Nullable String providerId,
    @Nullable String jobType,
    Correlation correlation) {

  /** No id is known. */
  public static final AssignmentIdentity UNKNOWN =
      new AssignmentIdentity(null, null, null, null, null, Correlation.NONE);

  /** Returns the ids of a valid assignment. */
  public static AssignmentIdentity of(ExecAssignment assignment) {
    return new AssignmentIdentity(
        assignment.assignmentId(),
        assignment.requestId(),
        assignment.tenantId(),
        assignment.providerId(),
        assignment.jobType(),
        assignment.correlation());
  }

  /**
   * Returns these ids, with the tenant and trace id of the message's headers where the payload has
   * none. A tenant id that breaks its rule is not taken.
   */
  public AssignmentIdentity withHeaderIds(
      @Nullable String headerTenantId, @Nullable String headerTraceId) {
    Correlation withTrace =
        correlation.traceId() != null || headerTraceId == null
            ? correlation
            : new Correlation(
                headerTraceId, correlation.runId(), correlation.flowId(), correlation.stepId());
    String tenant =
        tenantId != null || !AssignmentRules.isTenantId(headerTenantId) ? tenantId : headerTenantId;
    return new AssignmentIdentity(assignmentId, requestId, tenant, providerId, jobType, withTrace);
  }

  /** Returns these ids with another tenant id, null for none. */
  public AssignmentIdentity withTenantId(@Nullable String tenant) {
    return new AssignmentIdentity(
        assignmentId, requestId, tenant, providerId, jobType, correlation);
  }
}
