package io.beamline.worker.support;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The rules of an ExecResult (contract section 2). */
final class ResultRules {

  private static final Set<String> STATUS = Set.of("success", "error", "timeout", "cancelled");
  private static final String[] CP2 = {"elapsed_ms", "attempts", "queue_depth", "overload_status"};
  private static final String[] FAILURE = {"error_code", "error_type", "error_message", "error"};

  /** All that a result can have; a dead letter adds its own. */
  static final Set<String> FIELDS =
      Stream.of(
              Stream.of("version", "assignment_id", "request_id", "tenant_id", "status", "result"),
              Stream.of("provider_id", "job", "latency_ms", "cost", "timestamp", "retries_used"),
              Stream.of("correlation", "trace_id", "run_id", "flow_id", "step_id"),
              Stream.of(FAILURE),
              Stream.of(CP2))
          .flatMap(names -> names)
          .collect(Collectors.toUnmodifiableSet());

  private ResultRules() {}

  static void judge(WireMessage message, Findings findings) {
    JsonNode json = message.json();
    RouterOracle.ids(json, findings);
    findings.onlyFields(json, "the result", FIELDS);
    always(json, findings);
    if (message.text("status").equals("success")) {
      findings.require(json, "result", JsonNode::isObject, "an object");
      findings.absent(json, "the step succeeded", FAILURE);
    } else {
      findings.absent(json, "the step failed", "result");
      FailureRules.judge(json, findings);
      findings.check(
          FailureRules.statusOf(message.text("error_code")).equals(message.text("status")),
          "status is " + message.text("status") + " with " + message.text("error_code"));
    }
    if (RouterOracle.isCp1(message)) {
      findings.absent(json, "the result is one of CP1", CP2);
    } else if (message.header("cp_phase").orElse("").equals("cp2")) {
      findings.check(
          json.has("elapsed_ms")
              || json.has("overload_status")
              || json.at("/error/details").has("effect"),
          "a result of CP2 shows no flag");
    }
    RouterOracle.queueFields(json, findings);
    findings.optional(json, "elapsed_ms", Findings::count, "a whole number, 0 or more");
    findings.optional(json, "attempts", JsonNode::isArray, "an array");
    attempts(json, findings);
  }

  private static void always(JsonNode json, Findings findings) {
    findings.require(json, "request_id", Findings::requestId, "1 to 1024 bytes");
    findings.require(json, "status", Findings.oneOf(STATUS), "one of " + STATUS);
    findings.require(json, "provider_id", Findings::text, "a name");
    findings.require(json, "job", JsonNode::isObject, "an object");
    findings.require(json.path("job"), "type", Findings::text, "a step type");
    findings.onlyFields(json.path("job"), "job", Set.of("type"));
    findings.require(json, "latency_ms", Findings::count, "a whole number, 0 or more");
    boolean succeeded = json.path("status").stringValue("").equals("success");
    findings.require(
        json,
        "cost",
        v -> v.isNumber() && (succeeded ? v.doubleValue() >= 0 : v.doubleValue() == 0),
        "a number from 0, and 0.0 unless it is a success");
    findings.require(json, "timestamp", Findings::epochMillis, "ms since epoch");
    findings.require(json, "retries_used", v -> Findings.count(v) && v.longValue() < 20, "0 to 19");
  }

  private static void attempts(JsonNode json, Findings findings) {
    JsonNode attempts = json.path("attempts");
    if (!attempts.isArray()) {
      return;
    }
    findings.check(json.has("elapsed_ms"), "attempts without elapsed_ms");
    findings.check(attempts.size() <= 20, "attempts has more than 20 entries");
    long retries = json.path("retries_used").longValue(-1);
    long last = 0;
    for (JsonNode attempt : attempts) {
      long number = attempt.path("attempt").longValue(-1);
      findings.check(number > last, "attempts are not counted upwards");
      last = number;
      attempt(attempt, findings);
    }
    findings.check(
        Math.max(0, last - 1) == retries, "retries_used is " + retries + " after attempt " + last);
  }

  private static void attempt(JsonNode attempt, Findings findings) {
    findings.onlyFields(
        attempt,
        "an attempt",
        Set.of("attempt", "status", "error_code", "http_status", "latency_ms", "backoff_ms"));
    findings.require(attempt, "status", Findings.oneOf(STATUS), "one of " + STATUS);
    findings.require(attempt, "latency_ms", Findings::count, "a whole number, 0 or more");
    findings.require(attempt, "backoff_ms", Findings::count, "a whole number, 0 or more");
    findings.optional(
        attempt,
        "http_status",
        v -> Findings.count(v) && v.longValue() >= 100 && v.longValue() <= 999,
        "an HTTP status");
    if (attempt.path("status").stringValue("").equals("success")) {
      findings.absent(attempt, "the attempt succeeded", "error_code");
    } else {
      findings.require(
          attempt, "error_code", Findings.oneOf(FailureRules.codes()), "a code of the contract");
    }
  }
}
