package io.beamline.worker.contract;

import org.jspecify.annotations.Nullable;

/**
 * What is known of an assignment that cannot be run. Immutable; each id null when it is absent or
 * not well-formed.
 *
 * @param assignmentId the assignment
 * @param requestId the request
 * @param tenantId the tenant
 * @param providerId the provider
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

  /** Nothing is known. */
  public static final AssignmentIdentity UNKNOWN =
      new AssignmentIdentity(null, null, null, null, null, Correlation.NONE);

  /** The identity of a valid assignment. */
  public static AssignmentIdentity of(ExecAssignment assignment) {
    return new AssignmentIdentity(
        assignment.assignmentId(),
        assignment.requestId(),
        assignment.tenantId(),
        assignment.providerId(),
        assignment.jobType(),
        assignment.correlation());
  }

  /** The same, with ids from the message's headers where the payload has none. */
  public AssignmentIdentity orElse(
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

  /** The same of another tenant, null for none. */
  public AssignmentIdentity ofTenant(@Nullable String tenant) {
    return new AssignmentIdentity(
        assignmentId, requestId, tenant, providerId, jobType, correlation);
  }
}
