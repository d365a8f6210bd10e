package io.beamline.worker.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Judges what a worker publishes as the existing Router would, and by the shapes of contract
 * sections 1, 2, 3 and 7. It shares no code with the worker. Thread-safe.
 */
public final class RouterOracle {

  private static final Set<String> OVERLOAD =
      Set.of("healthy", "degraded", "overloaded", "critical");

  private final Subjects subjects;

  /** An oracle for messages on the given subjects. */
  public RouterOracle(Subjects subjects) {
    this.subjects = subjects;
  }

  /** The violations of a message on one of the contract's standard subjects; empty when good. */
  public static List<String> judge(String subject, Map<String, List<String>> headers, byte[] body) {
    return new RouterOracle(Subjects.STANDARD).judge(new WireMessage(subject, headers, body));
  }

  /** The violations of a message; empty when it is good. */
  public List<String> judge(WireMessage message) {
    Findings findings = new Findings();
    findings.check(isUtf8(message.body()), "the body is not UTF-8");
    headersAreSane(message, findings);
    if (!message.json().isObject()) {
      findings.check(false, "the body is not one JSON object, or repeats a key");
      return findings.list();
    }
    findings.require(message.json(), "version", Findings.oneOf(Set.of("1")), "\"1\"");
    for (String field : message.json().propertyNames()) {
      findings.check(!message.json().path(field).isNull(), field + " is null: it must be absent");
    }
    String subject = message.subject();
    if (subject.equals(subjects.ack())) {
      answerHeaders(message, ".ack", findings);
      AckRules.judge(message, findings);
    } else if (subject.equals(subjects.result())) {
      answerHeaders(message, ".result", findings);
      ResultRules.judge(message, findings);
    } else if (subject.equals(subjects.heartbeat())) {
      HeartbeatRules.judge(message.json(), findings);
    } else if (subject.equals(subjects.dlq())) {
      DeadLetterRules.judge(message, findings);
    } else {
      findings.check(false, "no message belongs on " + subject);
    }
    return findings.list();
  }

  /** The ids that acks and results have in common: what the Router needs, and where it wants it. */
  static void ids(JsonNode json, Findings findings) {
    findings.require(json, "assignment_id", Findings::id, "1 to 128 printable characters");
    findings.require(
        json,
        "tenant_id",
        v -> Findings.text(v) && v.stringValue().getBytes(UTF_8).length <= 256,
        "1 to 256 bytes");
    findings.require(json, "correlation", JsonNode::isObject, "an object");
    correlation(json, findings);
  }

  /** The top-level rule: an id stands there exactly when the Router takes it. */
  static void correlation(JsonNode json, Findings findings) {
    JsonNode correlation = json.path("correlation");
    for (String field : correlation.propertyNames()) {
      findings.check(
          correlation.path(field).isString(), "correlation." + field + " is not a string");
    }
    for (String field : List.of("trace_id", "run_id", "flow_id", "step_id")) {
      String top = json.path(field).stringValue("");
      findings.check(
          !json.has(field) || top.equals(correlation.path(field).stringValue("")),
          field + " at top level differs from correlation");
    }
    if (json.has("trace_id")) {
      findings.check(
          WireText.traceId(json.path("trace_id").stringValue("")),
          "trace_id at top level is neither 32 hexadecimal digits nor a UUID v4");
    } else {
      findings.check(
          !WireText.traceId(correlation.path("trace_id").stringValue("")),
          "trace_id is missing at top level though the Router takes it");
    }
    List<String> run = List.of("run_id", "flow_id", "step_id");
    boolean any = run.stream().anyMatch(json::has);
    boolean allGood = run.stream().allMatch(f -> WireText.runId(json.path(f).stringValue("")));
    findings.check(
        !any || allGood, "run_id, flow_id, step_id at top level: all three well-formed, or none");
  }

  /** What queue management adds; absent in a message of CP1. */
  static void queueFields(JsonNode json, Findings findings) {
    findings.optional(json, "queue_depth", Findings::count, "a whole number, 0 or more");
    findings.optional(json, "overload_status", Findings.oneOf(OVERLOAD), "one of " + OVERLOAD);
    findings.check(
        json.has("queue_depth") == json.has("overload_status"),
        "queue_depth and overload_status do not stand together");
  }

  static boolean isCp1(WireMessage message) {
    return message.header("cp_phase").orElse("").equals("cp1");
  }

  private static void headersAreSane(WireMessage message, Findings findings) {
    message
        .headers()
        .forEach(
            (name, values) -> {
              findings.check(
                  values.size() == 1, "header " + name + " has " + values.size() + " values");
              for (String value : values) {
                findings.check(!value.isEmpty(), "header " + name + " is empty");
                findings.check(
                    WireText.printable(value), "header " + name + " is not printable ASCII");
              }
            });
  }

  private static void answerHeaders(WireMessage message, String suffix, Findings findings) {
    String msgId = message.text("assignment_id") + suffix;
    findings.check(
        message.header("Nats-Msg-Id").orElse("").strip().equals(msgId.strip()),
        "header Nats-Msg-Id is " + message.header("Nats-Msg-Id") + ": expected " + msgId);
    findings.check(
        message.header("version").orElse("").equals("1"),
        "header version is " + message.header("version") + ": expected 1");
    findings.check(
        Set.of("cp1", "cp2").contains(message.header("cp_phase").orElse("")),
        "header cp_phase is " + message.header("cp_phase") + ": expected cp1 or cp2");
    tenantHeader(message, findings);
    String trace = message.json().path("correlation").path("trace_id").stringValue("");
    knownHeader(message, "trace_id", trace, findings);
  }

  /** The payload must always name a tenant; the header only one that is known. */
  static void tenantHeader(WireMessage message, Findings findings) {
    String tenant = message.text("tenant_id");
    boolean unknown = tenant.equals("unknown") && message.header("tenant_id").isEmpty();
    knownHeader(message, "tenant_id", unknown ? "" : tenant, findings);
  }

  /** The Router prefers headers over the payload: they must say the same. */
  static void knownHeader(WireMessage message, String name, String known, Findings findings) {
    String header = message.header(name).orElse("");
    if (WireText.headerValue(known)) {
      findings.check(
          header.strip().equals(known.strip()),
          "header " + name + " is '" + header + "': expected '" + known + "'");
    }
  }

  private static boolean isUtf8(byte[] body) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
