package io.beamline.worker.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds one ExecAssignment, with fresh ids and the fields that are required. Not thread-safe.
 *
 * <pre>{@code
 * router.assign(Assignments.put("one.txt", "hello").deadlineMs(5000).correlated());
 * }</pre>
 */
public final class Assignments {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final ObjectNode json = MAPPER.createObjectNode();
  private final Map<String, String> headers = new LinkedHashMap<>();

  private Assignments(String type) {
    json.put("version", "1");
    json.put("assignment_id", "a-" + UUID.randomUUID());
    json.put("request_id", "r-" + UUID.randomUUID());
    json.put("tenant_id", "tenant-a");
    json.putObject("executor").put("provider_id", "worker:" + type).put("channel", "nats");
    json.putObject("job").put("type", type).putObject("payload");
  }

  /** A step of any type, with an empty payload. */
  public static Assignments of(String type) {
    return new Assignments(type);
  }

  /** A step that answers with its payload. */
  public static Assignments echo() {
    return of("echo").input("said", "hello");
  }

  /** A step that sleeps. */
  public static Assignments sleep(long ms) {
    return of("sleep").input("ms", ms);
  }

  /** An HTTP GET. */
  public static Assignments http(String url) {
    return of("http.request").input("url", url);
  }

  /** A put of a text file, which replaces what is there. */
  public static Assignments put(String path, String content) {
    return of("fs.blob_put").input("path", path).input("content", content).input("overwrite", true);
  }

  /** A put of a binary file, which replaces what is there. */
  public static Assignments put(String path, byte[] content) {
    return of("fs.blob_put")
        .input("path", path)
        .input("bytes", Base64.getEncoder().encodeToString(content))
        .input("overwrite", true);
  }

  /** A read of a file. */
  public static Assignments get(String path) {
    return of("fs.blob_get").input("path", path);
  }

  /** A deletion of a file. */
  public static Assignments delete(String path) {
    return of("fs.blob_delete").input("path", path);
  }

  /** Adds a field to the payload. */
  public Assignments input(String name, Object value) {
    ((ObjectNode) json.path("job").path("payload")).set(name, node(value));
    return this;
  }

  /** The step's total time budget. */
  public Assignments deadlineMs(long ms) {
    json.withObject("options").put("deadline_ms", ms);
    return this;
  }

  /** The attempts in all. */
  public Assignments maxAttempts(int attempts) {
    json.withObject("options").withObject("retry").put("max_attempts", attempts);
    return this;
  }

  /** The base delay of advanced retry. */
  public Assignments backoffMs(long ms) {
    json.withObject("options").withObject("retry").put("backoff_ms", ms);
    return this;
  }

  /** Replaces the assignment's id. */
  public Assignments id(String id) {
    return with("assignment_id", id);
  }

  /** Replaces the tenant. */
  public Assignments tenant(String tenant) {
    return with("tenant_id", tenant);
  }

  /** Makes it a step of a fresh run, with ids that the Router takes. */
  public Assignments correlated() {
    ObjectNode correlation = json.withObject("correlation");
    correlation.put("trace_id", UUID.randomUUID().toString().replace("-", ""));
    for (String field : new String[] {"run_id", "flow_id", "step_id"}) {
      correlation.put(field, UUID.randomUUID().toString());
    }
    return this;
  }

  /** Sets a top-level field to any value, right or wrong. */
  public Assignments with(String field, Object value) {
    json.set(field, node(value));
    return this;
  }

  /** Removes a top-level field. */
  public Assignments without(String field) {
    json.remove(field);
    return this;
  }

  /** Adds a header to the message. */
  public Assignments header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** The assignment's id; empty when it was removed. */
  public String id() {
    return json.path("assignment_id").stringValue("");
  }

  /** The whole message, to be changed at will. */
  public ObjectNode json() {
    return json;
  }

  /** The message's bytes. */
  public byte[] bytes() {
    return json.toString().getBytes(UTF_8);
  }

  /** The message's headers. */
  public Map<String, String> headers() {
    return Map.copyOf(headers);
  }

  private static JsonNode node(Object value) {
    return value instanceof JsonNode node ? node : MAPPER.valueToTree(value);
  }
}
