package io.beamline.worker.contract.json;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.AssignmentRules;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.RejectReason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a message while it is read, and the faults found so far. {@link AssignmentReader}
 * fills it. Used by one thread.
 */
final class AssignmentDraft {

  private static final int MAX_QUOTED = 64;

  @Nullable String version;
  @Nullable String assignmentId;
  @Nullable String requestId;
  @Nullable String tenantId;
  @Nullable String providerId;
  @Nullable String channel;
  @Nullable String jobType;
  boolean hasPayloadRef;

  /** Whether values were skipped because they are nested too deep. */
  boolean tooDeep;

  RawJson payload = RawJson.EMPTY_OBJECT;
  int priority = OptionRange.PRIORITY.defaultValue();
  int deadlineMs = OptionRange.DEADLINE_MS.defaultValue();
  int maxAttempts = OptionRange.MAX_ATTEMPTS.defaultValue();
  int backoffMs = OptionRange.BACKOFF_MS.defaultValue();
  final CorrelationDraft correlation = new CorrelationDraft();
  final CorrelationDraft metadata = new CorrelationDraft();

  private final List<String> faults = new ArrayList<>();
  private final List<String> adjustments = new ArrayList<>();

  /** Adds a fault for which the assignment is rejected. */
  void addFault(String text) {
    faults.add(text);
  }

  /** Adds a change to an optional value, for the log. */
  void addAdjustment(String text) {
    adjustments.add(text);
  }

  /** Returns the ids that follow their rules; the others are null. */
  AssignmentIdentity identity() {
    return new AssignmentIdentity(
        AssignmentRules.isId(assignmentId) ? assignmentId : null,
        AssignmentRules.isRequestId(requestId) ? requestId : null,
        AssignmentRules.isTenantId(tenantId) ? tenantId : null,
        providerId,
        jobType,
        correlation.orElse(metadata));
  }

  /**
   * Returns the assignment, or why it is malformed or rejected. The detail names every fault; the
   * reason is the first that applies in the order of contract section 2.
   */
  Decoded decoded(Predicate<String> supportedType) {
    if (assignmentId == null || !AssignmentRules.isId(assignmentId)) {
      return new Decoded.Malformed(
          identity(),
          tooDeep
              ? AssignmentDecoder.TOO_DEEP + " and has no valid assignment_id"
              : "the message has no valid assignment_id");
    }
    checkFields();
    boolean invalid = !faults.isEmpty();
    RejectReason reason = invalid ? RejectReason.INVALID_ASSIGNMENT : null;
    if (version != null && !version.equals("1")) {
      addFault("version is " + quoted(version) + ", supported is \"1\"");
      reason = RejectReason.UNSUPPORTED_VERSION;
    }
    if (channel != null && !channel.equals("nats")) {
      addFault("executor.channel is " + quoted(channel) + ", supported is \"nats\"");
      reason = reason != null ? reason : RejectReason.UNSUPPORTED_CHANNEL;
    }
    if (jobType != null && !jobType.isEmpty() && !supportedType.test(jobType)) {
      addFault("job.type " + quoted(jobType) + " is not supported");
      reason = reason != null ? reason : RejectReason.UNSUPPORTED_JOB_TYPE;
    }
    if (hasPayloadRef) {
      addFault("job.payload_ref is not supported");
      reason = reason != null ? reason : RejectReason.UNSUPPORTED_PAYLOAD_REF;
    }
    return reason != null
        ? new Decoded.Rejected(identity(), reason, String.join("; ", faults))
        : new Decoded.Valid(assignment(), List.copyOf(adjustments));
  }

  private void checkFields() {
    if (tooDeep) {
      addFault(AssignmentDecoder.TOO_DEEP);
    }
    if (version == null) {
      addMissing("version");
    }
    if (requestId == null) {
      addMissing("request_id");
    } else if (!AssignmentRules.isRequestId(requestId)) {
      addFault("request_id is not 1 to 1024 bytes of UTF-8");
    }
    if (tenantId == null) {
      addMissing("tenant_id");
    } else if (!AssignmentRules.isTenantId(tenantId)) {
      addFault("tenant_id is not 1 to 256 bytes of UTF-8");
    }
    checkNotEmpty("executor.provider_id", providerId);
    checkNotEmpty("job.type", jobType);
  }

  private void checkNotEmpty(String name, @Nullable String value) {
    if (value == null) {
      addMissing(name);
    } else if (value.isEmpty()) {
      addFault(name + " is empty");
    }
  }

  /** Adds the fault that a field is missing, unless its wrong type was reported already. */
  private void addMissing(String name) {
    String wrongType = name + " is not a string";
    if (!faults.contains(wrongType)) {
      addFault(name + " is missing");
    }
  }

  private ExecAssignment assignment() {
    return new ExecAssignment(
        present(assignmentId),
        present(requestId),
        present(tenantId),
        present(providerId),
        present(jobType),
        payload,
        new ExecAssignment.Options(priority, deadlineMs, maxAttempts, backoffMs),
        correlation.orElse(metadata));
  }

  private static String present(@Nullable String checked) {
    if (checked == null) {
      throw new IllegalStateException("a required field was not checked");
    }
    return checked;
  }

  /** Returns the value in quotes, cut to {@link #MAX_QUOTED} characters. */
  private static String quoted(String value) {
    return '"'
        + (value.length() <= MAX_QUOTED ? value : value.substring(0, MAX_QUOTED) + "…")
        + '"';
  }
}
