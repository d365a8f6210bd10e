package io.beamline.worker.support;

import java.util.Base64;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The rules of a dead letter (contract section 7): a result as far as known, and the original. */
final class DeadLetterRules {

  private static final Set<String> REASONS = Set.of("malformed", "max_deliver", "failed");
  private static final Set<String> FIELDS =
      Stream.concat(
              ResultRules.FIELDS.stream(),
              Stream.of(
                  "reason",
                  "original_subject",
                  "original",
                  "original_encoding",
                  "truncated",
                  "original_size",
                  "original_sha256"))
          .collect(Collectors.toUnmodifiableSet());

  private DeadLetterRules() {}

  static void judge(WireMessage message, Findings findings) {
    JsonNode json = message.json();
    String reason = message.text("reason");
    findings.onlyFields(json, "the dead letter", FIELDS);
    findings.require(json, "reason", Findings.oneOf(REASONS), "one of " + REASONS);
    findings.require(json, "status", Findings.oneOf(Set.of("error")), "error");
    FailureRules.judge(json, findings);
    findings.require(json, "timestamp", Findings::epochMillis, "ms since epoch");
    findings.optional(json, "assignment_id", Findings::id, "1 to 128 printable characters");
    findings.optional(json, "request_id", Findings::requestId, "1 to 1024 bytes");
    findings.optional(json, "tenant_id", Findings::text, "a text");
    RouterOracle.correlation(json, findings);
    original(json, findings);
    findings.check(
        message.header("x-dlq-reason").orElse("").equals(reason),
        "header x-dlq-reason is " + message.header("x-dlq-reason") + ": expected " + reason);
    RouterOracle.tenantHeader(message, findings);
  }

  private static void original(JsonNode json, Findings findings) {
    findings.require(json, "original_subject", Findings::text, "a subject");
    findings.require(json, "original", v -> !v.isNull(), "the message");
    findings.optional(json, "original_encoding", Findings.oneOf(Set.of("base64")), "base64");
    if (json.has("original_encoding")) {
      findings.require(json, "original", DeadLetterRules::isBase64, "base64");
    }
    findings.optional(json, "truncated", JsonNode::isBoolean, "a truth value");
    if (json.path("truncated").booleanValue(false)) {
      findings.require(json, "original_size", Findings::count, "the size in bytes");
      findings.require(
          json,
          "original_sha256",
          v -> v.stringValue("").matches("[0-9a-f]{64}"),
          "64 hexadecimal digits");
    }
  }

  private static boolean isBase64(JsonNode value) {
    try {
      return value.isString() && Base64.getDecoder().decode(value.stringValue()) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
