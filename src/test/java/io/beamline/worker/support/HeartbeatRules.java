package io.beamline.worker.support;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The rules of a WorkerHeartbeat (contract section 2). */
final class HeartbeatRules {

  private static final String QUEUE_FLAG = "CP2_QUEUE_MANAGEMENT_ENABLED";
  private static final Set<String> FLAGS =
      Set.of(
          "CP2_ADVANCED_RETRY_ENABLED",
          "CP2_COMPLETE_TIMEOUT_ENABLED",
          QUEUE_FLAG,
          "CP2_CANCELLATION_ENABLED",
          "CP2_CIRCUIT_BREAKER_ENABLED");
  private static final Set<String> STATUS = Set.of("ready", "busy", "degraded");

  private HeartbeatRules() {}

  static void judge(JsonNode json, Findings findings) {
    findings.onlyFields(
        json,
        "the heartbeat",
        Set.of("version", "worker_id", "timestamp", "status", "resources", "metadata"));
    findings.require(json, "worker_id", Findings::text, "a name");
    findings.require(json, "timestamp", HeartbeatRules::isUtcInstant, "ISO 8601 in UTC");
    findings.require(json, "status", Findings.oneOf(STATUS), "one of " + STATUS);
    findings.require(json, "resources", JsonNode::isObject, "an object");
    resources(json.path("resources"), findings);
    findings.require(json, "metadata", JsonNode::isObject, "an object");
    metadata(json.path("metadata"), findings);
  }

  private static void resources(JsonNode resources, Findings findings) {
    findings.onlyFields(
        resources, "resources", Set.of("cpu", "gpu", "mem_bytes", "jobs_in_flight"));
    findings.require(
        resources,
        "cpu",
        v -> v.isNumber() && v.doubleValue() >= 0 && v.doubleValue() <= 1,
        "0 to 1");
    findings.require(resources, "gpu", v -> v.isNumber() && v.doubleValue() == 0.0, "0.0");
    findings.require(resources, "mem_bytes", Findings::count, "a whole number, 0 or more");
    findings.require(resources, "jobs_in_flight", Findings::count, "a whole number, 0 or more");
  }

  private static void metadata(JsonNode metadata, Findings findings) {
    findings.onlyFields(metadata, "metadata", Set.of("queue_depth", "cp2", "intake"));
    findings.optional(
        metadata, "intake", HeartbeatRules::isPause, "a pause, with its end if it has one");
    findings.optional(
        metadata,
        "cp2",
        flags ->
            flags.isArray()
                && !flags.isEmpty()
                && flags.valueStream().allMatch(Findings.oneOf(FLAGS)),
        "names of flags that are on");
    findings.optional(
        metadata,
        "queue_depth",
        depths -> depths.isObject() && depths.valueStream().allMatch(Findings::count),
        "a depth for each pool");
    boolean queueFlag =
        metadata.path("cp2").valueStream().anyMatch(Findings.oneOf(Set.of(QUEUE_FLAG)));
    findings.check(
        metadata.has("queue_depth") == queueFlag,
        "metadata.queue_depth belongs to queue management alone");
  }

  private static boolean isPause(JsonNode intake) {
    return intake.path("paused").booleanValue(false)
        && (intake.size() == 1 || (intake.size() == 2 && isUtcInstant(intake.path("until"))));
  }

  private static boolean isUtcInstant(JsonNode value) {
    try {
      return value.stringValue("").endsWith("Z")
          && Instant.parse(value.stringValue("")).isAfter(Instant.EPOCH);
    } catch (DateTimeException e) {
      return false;
    }
  }
}
