package io.beamline.worker.support;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The rules of an ExecAssignmentAck (contract section 2). */
final class AckRules {

  private static final Set<String> STATUS = Set.of("accepted", "rejected", "error");
  private static final Set<String> REASONS =
      Set.of(
          "queue_full",
          "invalid_assignment",
          "unsupported_version",
          "unsupported_channel",
          "unsupported_job_type",
          "unsupported_payload_ref",
          "shutting_down");
  private static final Set<String> FIELDS =
      Set.of(
          "version",
          "assignment_id",
          "request_id",
          "tenant_id",
          "status",
          "reason",
          "message",
          "trace_id",
          "correlation",
          "acknowledged_at",
          "metadata",
          "overload_status",
          "queue_depth");

  private AckRules() {}

  static void judge(WireMessage message, Findings findings) {
    JsonNode json = message.json();
    RouterOracle.ids(json, findings);
    findings.onlyFields(json, "the ack", FIELDS);
    findings.require(json, "status", Findings.oneOf(STATUS), "one of " + STATUS);
    findings.require(json, "acknowledged_at", Findings::epochMillis, "ms since epoch");
    findings.require(json, "metadata", JsonNode::isObject, "an object");
    JsonNode metadata = json.path("metadata");
    findings.require(metadata, "worker_id", Findings::text, "a name");
    findings.onlyFields(metadata, "metadata", Set.of("worker_id", "detail"));
    if (message.text("status").equals("accepted")) {
      findings.require(json, "request_id", Findings::requestId, "1 to 1024 bytes");
      findings.absent(json, "the ack accepts", "reason", "message");
      findings.optional(metadata, "detail", Findings::text, "a text");
    } else {
      refusal(json, findings);
    }
    if (RouterOracle.isCp1(message)) {
      findings.absent(json, "the ack is one of CP1", "overload_status", "queue_depth");
    }
    RouterOracle.queueFields(json, findings);
  }

  /** A refused assignment may be one without a request_id. */
  private static void refusal(JsonNode json, Findings findings) {
    findings.optional(json, "request_id", Findings::requestId, "1 to 1024 bytes");
    findings.require(
        json,
        "reason",
        json.path("status").stringValue("").equals("error")
            ? v -> v.stringValue("").matches("[a-z_]+")
            : Findings.oneOf(REASONS),
        "one of " + REASONS);
    findings.require(json, "message", v -> v.equals(json.path("reason")), "the same as reason");
    findings.require(json.path("metadata"), "detail", Findings::text, "a text");
  }
}
