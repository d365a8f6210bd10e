package io.beamline.worker.cancellation;

import io.beamline.worker.contract.AssignmentRules;
import io.beamline.worker.contract.CancelRequest;
import io.beamline.worker.contract.CancelTarget;
import io.beamline.worker.contract.CancelTarget.IdKind;
import org.jspecify.annotations.Nullable;

/** An operator's request to cancel an assignment, or what is wrong with it. Immutable. */
public sealed interface CancelOrder {

  /** Publish this request. */
  record Publishable(CancelRequest request) implements CancelOrder {}

  /** The order is wrong, as the sentence says; nothing is published. */
  record Refused(String sentence) implements CancelOrder {}

  /**
   * Checks an order.
   *
   * @param assignmentId the assignment
   * @param tenantId its tenant
   * @param reason a text for people, or null
   * @param requestedBy who asks; what is not printable is replaced
   * @param epochMillis the wall clock
   */
  static CancelOrder of(
      String assignmentId,
      String tenantId,
      @Nullable String reason,
      String requestedBy,
      long epochMillis) {
    if (!AssignmentRules.isId(assignmentId)) {
      return new Refused("the assignment_id must be 1 to 128 printable ASCII characters");
    }
    if (!AssignmentRules.isTenantId(tenantId)) {
      return new Refused("the tenant_id must be 1 to 256 bytes of UTF-8");
    }
    if (reason != null && !CancelRequest.isPrintable(reason)) {
      return new Refused(
          "the reason must be at most " + CancelRequest.MAX_TEXT_LENGTH + " printable characters");
    }
    String by = CancelRequest.isPrintable(requestedBy) ? requestedBy : "unknown";
    return new Publishable(
        new CancelRequest(
            new CancelTarget(tenantId, IdKind.ASSIGNMENT_ID, assignmentId),
            reason,
            by,
            epochMillis));
  }
}
