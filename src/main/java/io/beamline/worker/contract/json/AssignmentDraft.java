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

/** What was read of a message, before it is judged. Filled by {@link AssignmentReader}. */
final class AssignmentDraft {

  private static final int MAX_SHOWN = 64;

  @Nullable String version;
  @Nullable String assignmentId;
  @Nullable String requestId;
  @Nullable String tenantId;
  @Nullable String providerId;
  @Nullable String channel;
  @Nullable String jobType;
  boolean payloadRef;

  /** Whether values below the deepest permitted nesting were left out. */
  boolean tooDeep;

  RawJson payload = RawJson.EMPTY_OBJECT;
  int priority = OptionRange.PRIORITY.whenAbsent();
  int deadlineMs = OptionRange.DEADLINE_MS.whenAbsent();
  int maxAttempts = OptionRange.MAX_ATTEMPTS.whenAbsent();
  int backoffMs = OptionRange.BACKOFF_MS.whenAbsent();
  final CorrelationDraft correlation = new CorrelationDraft();
  final CorrelationDraft metadata = new CorrelationDraft();

  private final List<String> faults = new ArrayList<>();
  private final List<String> adjustments = new ArrayList<>();

  /** Notes a fault for which the assignment is refused. */
  void fault(String text) {
    faults.add(text);
  }

  /** Notes an option that was clamped or ignored. */
  void adjusted(String text) {
    adjustments.add(text);
  }

  /** What is known, each id only when it is well-formed. */
  AssignmentIdentity identity() {
    return new AssignmentIdentity(
        AssignmentRules.isId(assignmentId) ? assignmentId : null,
        AssignmentRules.isRequestId(requestId) ? requestId : null,
        AssignmentRules.isTenantId(tenantId) ? tenantId : null,
        providerId,
        jobType,
        correlation.orElse(metadata));
  }

  /** The judgement, with every fault named. */
  Decoded judge(Predicate<String> supportedType) {
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
      fault("version is " + shown(version) + ", supported is \"1\"");
      reason = RejectReason.UNSUPPORTED_VERSION;
    }
    if (channel != null && !channel.equals("nats")) {
      fault("executor.channel is " + shown(channel) + ", supported is \"nats\"");
      reason = reason != null ? reason : RejectReason.UNSUPPORTED_CHANNEL;
    }
    if (jobType != null && !jobType.isEmpty() && !supportedType.test(jobType)) {
      fault("job.type " + shown(jobType) + " is not supported");
      reason = reason != null ? reason : RejectReason.UNSUPPORTED_JOB_TYPE;
    }
    if (payloadRef) {
      fault("job.payload_ref is not supported");
      reason = reason != null ? reason : RejectReason.UNSUPPORTED_PAYLOAD_REF;
    }
    return reason != null
        ? new Decoded.Rejected(identity(), reason, String.join("; ", faults))
        : new Decoded.Valid(assignment(), List.copyOf(adjustments));
  }

  private void checkFields() {
    if (tooDeep) {
      fault(AssignmentDecoder.TOO_DEEP);
    }
    if (version == null) {
      missing("version");
    }
    if (requestId == null) {
      missing("request_id");
    } else if (!AssignmentRules.isRequestId(requestId)) {
      fault("request_id is not 1 to 1024 bytes of UTF-8");
    }
    if (tenantId == null) {
      missing("tenant_id");
    } else if (!AssignmentRules.isTenantId(tenantId)) {
      fault("tenant_id is not 1 to 256 bytes of UTF-8");
    }
    checkNotEmpty("executor.provider_id", providerId);
    checkNotEmpty("job.type", jobType);
  }

  private void checkNotEmpty(String name, @Nullable String value) {
    if (value == null) {
      missing(name);
    } else if (value.isEmpty()) {
      fault(name + " is empty");
    }
  }

  /** A field of a wrong type has been named already. */
  private void missing(String name) {
    String wrongType = name + " is not a string";
    if (!faults.contains(wrongType)) {
      fault(name + " is missing");
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

  private static String shown(String value) {
    return '"' + (value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "…") + '"';
  }
}
