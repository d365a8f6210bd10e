package io.beamline.worker.support;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The rules of a failure's fields (contract sections 1 and 3). */
final class FailureRules {

  /** The type of a step whose destination was not tried. */
  private static final String UNAVAILABLE = "provider_unavailable";

  /** Each code's error types. */
  private static final Map<String, Set<String>> TYPES =
      Map.ofEntries(
          entry("INVALID_INPUT", Set.of("validation_error")),
          entry("MISSING_REQUIRED_FIELD", Set.of("validation_error")),
          entry("INVALID_FORMAT", Set.of("validation_error")),
          entry("EXECUTION_FAILED", Set.of("execution_error")),
          entry("RESOURCE_UNAVAILABLE", Set.of("execution_error", UNAVAILABLE)),
          entry("PERMISSION_DENIED", Set.of("permission_error")),
          entry("QUOTA_EXCEEDED", Set.of("quota_error")),
          entry("NETWORK_ERROR", Set.of("connection_error")),
          entry("CONNECTION_TIMEOUT", Set.of("timeout")),
          entry("HTTP_ERROR", Set.of("server_error", "client_error", UNAVAILABLE)),
          entry("INTERNAL_ERROR", Set.of("internal_error")),
          entry("SYSTEM_OVERLOAD", Set.of("overload_error")),
          entry("CANCELLED_BY_USER", Set.of("cancelled")),
          entry("CANCELLED_BY_TIMEOUT", Set.of("timeout")));

  private static final Set<String> NEVER_RETRYABLE =
      Set.of(
          "INVALID_INPUT",
          "MISSING_REQUIRED_FIELD",
          "INVALID_FORMAT",
          "PERMISSION_DENIED",
          "CANCELLED_BY_USER",
          "CANCELLED_BY_TIMEOUT");
  private static final Set<String> ALWAYS_RETRYABLE =
      Set.of("CONNECTION_TIMEOUT", "SYSTEM_OVERLOAD");

  /** What the Router's circuit breaker counts against the provider. */
  private static final Set<String> PROVIDER_FAULTS =
      Set.of("timeout", "connection_error", "server_error", UNAVAILABLE);

  private FailureRules() {}

  static Set<String> codes() {
    return TYPES.keySet();
  }

  /** The status that a result with this code has. */
  static String statusOf(String code) {
    return switch (code) {
      case "CONNECTION_TIMEOUT", "CANCELLED_BY_TIMEOUT" -> "timeout";
      case "CANCELLED_BY_USER" -> "cancelled";
      default -> "error";
    };
  }

  static void judge(JsonNode json, Findings findings) {
    findings.require(json, "error_code", Findings.oneOf(codes()), "a code of the contract");
    String code = json.path("error_code").stringValue("");
    Set<String> types = TYPES.getOrDefault(code, Set.of());
    findings.require(json, "error_type", Findings.oneOf(types), types + " with " + code);
    findings.require(json, "error_message", Findings::text, "a text");
    message(json, findings);
    findings.require(json, "error", JsonNode::isObject, "an object");
    JsonNode error = json.path("error");
    findings.onlyFields(error, "error", Set.of("code", "message", "retryable", "details"));
    findings.require(error, "code", v -> v.equals(json.path("error_code")), "error_code");
    findings.require(error, "message", v -> v.equals(json.path("error_message")), "error_message");
    findings.require(error, "details", JsonNode::isObject, "an object");
    findings.require(error, "retryable", JsonNode::isBoolean, "a truth value");
    boolean retryable = error.path("retryable").booleanValue(false);
    findings.check(!retryable || !NEVER_RETRYABLE.contains(code), code + " is never retryable");
    findings.check(retryable || !ALWAYS_RETRYABLE.contains(code), code + " is always retryable");
    status(code, json, findings);
    notTried(json, findings);
  }

  private static void message(JsonNode json, Findings findings) {
    String message = json.path("error_message").stringValue("");
    findings.check(
        PROVIDER_FAULTS.contains(json.path("error_type").stringValue(""))
            || !WireText.readAsProviderFault(message),
        "the Router reads error_message as the provider's fault: " + message);
  }

  /** A destination that is not tried. */
  private static void notTried(JsonNode json, Findings findings) {
    boolean notTried = json.path("error_type").stringValue("").equals("provider_unavailable");
    JsonNode details = json.path("error").path("details");
    findings.check(
        notTried == details.path("reason").stringValue("").equals("circuit_open"),
        "the type provider_unavailable belongs to the reason circuit_open");
    if (notTried) {
      findings.require(details, "destination", Findings::text, "a destination");
      findings.optional(details, "retry_after_ms", Findings::count, "a whole number, 0 or more");
    }
  }

  /** 5xx is the server's fault, every other status the client's. */
  private static void status(String code, JsonNode json, Findings findings) {
    int status = json.path("error").path("details").path("status_code").intValue(0);
    if (code.equals("HTTP_ERROR") && status != 0) {
      findings.check(
          json.path("error_type").stringValue("").equals("server_error") == status >= 500,
          "error_type does not fit the status " + status);
    }
  }
}
