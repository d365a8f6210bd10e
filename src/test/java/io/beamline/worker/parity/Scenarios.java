package io.beamline.worker.parity;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.Misbehaviour;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The fixed list of what CP1 is asked. The ids are the same in every run but for the round. */
final class Scenarios {

  private static final String UUID_4 = "0b0e6f0e-6a1f-4a5e-9d62-2f6f1c2b7a1";
  private static final String ULID = "01ARZ3NDEKTSV4RRFFQ69G5FA";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private final Site site;
  private final int round;
  private final List<Scenario> all = new ArrayList<>();

  private Scenarios(Site site, int round) {
    this.site = site;
    this.round = round;
  }

  /** What is asked in one round. */
  static List<Scenario> of(Site site, int round) {
    Scenarios scenarios = new Scenarios(site, round);
    scenarios.http();
    scenarios.failingHttp();
    scenarios.files();
    scenarios.failingFiles();
    scenarios.others();
    scenarios.options();
    scenarios.identities();
    scenarios.rejections();
    return List.copyOf(scenarios.all);
  }

  /** Names a round in every id, path and page of it. */
  static String mark(int round) {
    return "round" + round;
  }

  /** Puts the files in place that a round finds. */
  static void prepare(Path root, int round) throws IOException {
    Path folder = Files.createDirectories(root.resolve(mark(round)));
    Files.createDirectories(folder.resolve("folder"));
    for (String name : List.of("there.txt", "kept.txt", "replaced.txt", "gone.txt")) {
      Files.writeString(folder.resolve(name), "hello");
    }
    Files.write(folder.resolve("binary"), new byte[] {0, (byte) 0xC3, (byte) 0x28});
    Files.write(folder.resolve("large"), new byte[100_000]);
  }

  /** Messages that are no assignments at all. */
  static Map<String, byte[]> malformed() {
    Map<String, byte[]> messages = new LinkedHashMap<>();
    messages.put("cut", utf8("{\"assignment_id\""));
    messages.put("array", utf8("[]"));
    messages.put("empty", new byte[0]);
    messages.put("duplicate key", utf8("{\"assignment_id\":\"a\",\"assignment_id\":\"b\"}"));
    messages.put("no id", utf8("{\"version\":\"1\",\"tenant_id\":\"t\"}"));
    messages.put("id beyond ASCII", utf8("{\"assignment_id\":\"\u00e4\"}"));
    messages.put("trailing", utf8("{\"assignment_id\":\"x\"} more"));
    messages.put("no UTF-8", new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'});
    return messages;
  }

  private void http() {
    page("http-get", Misbehaviour.answer(200, "hello", "X-Kind: test"));
    page("http-post", Misbehaviour.answer(201, "{}"))
        .input("method", "POST")
        .input("headers", Map.of("accept", "text/plain"))
        .input("body", Map.of("a", 1));
    page("http-text-body", Misbehaviour.answer(200, "")).input("method", "PUT").input("body", "ä");
    page("http-headers-as-text", Misbehaviour.answer(200, ""))
        .input("headers", "{\"X-One\":\"1\"}");
    page("http-head", Misbehaviour.answer(200, "")).input("method", "HEAD");
    page("http-binary", Misbehaviour.answer(200, new byte[] {0, (byte) 0xC3, (byte) 0x28}));
    Assignments recovers = page("http-recovers", failing(2, 503, Misbehaviour.answer(200, "ok")));
    recovers.maxAttempts(4);
  }

  private void failingHttp() {
    for (int status : new int[] {302, 400, 404, 408, 429, 500, 503}) {
      page("http-" + status, Misbehaviour.answer(status, "no"));
    }
    page("http-retry-after", Misbehaviour.answer(503, "", "Retry-After: 1"));
    endless("http-stall", Misbehaviour.stallBeforeHeaders()).deadlineMs(800).maxAttempts(2);
    endless("http-stall-in-body", Misbehaviour.stallInsideBody(200, 10))
        .deadlineMs(800)
        .maxAttempts(2);
    endless("http-dribble", Misbehaviour.dribble(20)).deadlineMs(800).maxAttempts(2);
    page("http-truncated", Misbehaviour.truncate(200));
    page("http-closed", Misbehaviour.closeEarly());
    page("http-reset", Misbehaviour.reset());
    page("http-oversized", Misbehaviour.answer(200, "x".repeat(200_000))).maxAttempts(2);
    page("http-result-too-large", Misbehaviour.answer(200, "x".repeat(100_000)));
    page("http-bad-method", Misbehaviour.answer(200, "")).input("method", "TRACE");
    page("http-bad-headers", Misbehaviour.answer(200, "")).input("headers", "[1");
    add("http-no-url", Assignments.of("http.request"));
    add("http-ftp", Assignments.http("ftp://example.org/"));
    add("http-unknown-host", Assignments.http("http://nowhere.invalid/"));
    add("http-refused", Assignments.http("http://localhost:1/"));
    add("http-denied", Assignments.http("http://169.254.169.254/latest"));
  }

  private void files() {
    add("put-new", Assignments.put(path("new/one.txt"), "hello"));
    add("put-bytes", Assignments.put(path("new/bytes"), new byte[] {1, 2, 3}));
    add("put-replaces", Assignments.put(path("replaced.txt"), "other"));
    add("put-same", put("kept.txt", "content", "hello"));
    add("get-text", Assignments.get(path("there.txt")));
    add("get-binary", Assignments.get(path("binary")));
    add("delete", Assignments.delete(path("gone.txt")));
    add("delete-missing", Assignments.delete(path("never.txt")));
    add("alias", Assignments.of("fs_blob_get").input("path", path("there.txt")));
  }

  private void failingFiles() {
    add("get-missing", Assignments.get(path("missing.txt")));
    add("get-denied", Assignments.get("../../etc/passwd"));
    add("get-folder", Assignments.get(path("folder")));
    add("get-nul", Assignments.get("a\u0000b"));
    add("get-no-path", Assignments.of("fs.blob_get"));
    add("get-too-large", Assignments.get(path("large")));
    add("put-exists", put("there.txt", "content", "other"));
    add("put-bad-base64", put("bad", "bytes", "%%%"));
    add("put-no-content", Assignments.of("fs.blob_put").input("path", path("none")));
    add("put-denied", Assignments.put("/etc/beamline", "x"));
    add("delete-folder", Assignments.delete(path("folder")));
  }

  private void others() {
    add(
        "echo",
        Assignments.echo().input("number", 1.50).input("deep", List.of(List.of("ä\u0000"))));
    add("echo-unicode", Assignments.echo().input("text", "\u65e5\u672c \ud83d\ude00 \u0416"));
    add("sleep", Assignments.sleep(40));
    add("sleep-past-its-deadline", Assignments.sleep(60).deadlineMs(20));
    add("sleep-bad", Assignments.sleep(-1));
    add("sleep-text", Assignments.of("sleep").input("ms", "soon"));
  }

  private void options() {
    page("one-attempt", Misbehaviour.answer(500, "")).maxAttempts(1);
    page("three-attempts", Misbehaviour.answer(500, "")).maxAttempts(3);
    page("backoff-is-ignored", Misbehaviour.answer(500, "")).maxAttempts(2).backoffMs(5_000);
    page("deadline-is-no-budget", Misbehaviour.answer(500, "")).deadlineMs(900).maxAttempts(5);
    Assignments clamped = page("clamped", Misbehaviour.answer(500, "")).maxAttempts(0);
    clamped.deadlineMs(9_999_999).backoffMs(99_999_999);
    Assignments odd = Assignments.echo();
    odd.json().withObject("options").put("priority", "high").put("deadline_ms", -5);
    add("odd-options", odd);
    add("options-no-object", Assignments.echo().with("options", 7));
  }

  private void identities() {
    add("uuid-correlation", correlated("0123456789abcdef0123456789abcdef", UUID_4));
    add("ulid-correlation", correlated(TRACE, ULID));
    Assignments odd = Assignments.echo();
    odd.json().putObject("metadata").put("trace_id", "not a trace").put("run_id", "r\r\n1");
    add("ids-that-the-router-refuses", odd);
    Assignments header = Assignments.echo().header("trace_id", TRACE);
    header.header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
    add("tracing-headers", header);
    page("failing-correlated", Misbehaviour.answer(500, ""))
        .with("correlation", correlated(TRACE, UUID_4).json().path("correlation"));
    add("unicode-tenant", Assignments.echo().tenant("t\u00e4nant"));
  }

  private void rejections() {
    add("version-2", Assignments.echo().with("version", "2"));
    add("no-version", Assignments.echo().without("version"));
    add("no-tenant", Assignments.echo().without("tenant_id"));
    add(
        "tenant-in-header",
        Assignments.echo().without("tenant_id").header("tenant_id", "tenant-h"));
    add("no-request", Assignments.echo().with("request_id", 7));
    Assignments many = Assignments.echo().with("request_id", "").without("job");
    add("many-faults", many);
    Assignments channel = Assignments.echo();
    channel.json().withObject("executor").put("channel", "http");
    add("channel", channel);
    add("job-type", Assignments.of("teleport"));
    Assignments reference = Assignments.echo();
    reference.json().withObject("job").put("payload_ref", "s3://x");
    add("payload-ref", reference);
    Assignments payload = Assignments.echo();
    payload.json().withObject("job").put("payload", 5);
    add("payload-no-object", payload);
  }

  /** Fails so many times before it does something else. */
  private static Misbehaviour failing(int times, int status, Misbehaviour then) {
    int[] left = {times};
    return (request, socket) ->
        (left[0]-- > 0 ? Misbehaviour.answer(status, "") : then).act(request, socket);
  }

  private static Assignments correlated(String trace, String idWithoutItsEnd) {
    Assignments assignment = Assignments.echo();
    ObjectNode ids = assignment.json().withObject("correlation").put("trace_id", trace);
    ids.put("run_id", idWithoutItsEnd + "1");
    ids.put("flow_id", idWithoutItsEnd + "2").put("step_id", idWithoutItsEnd + "3");
    return assignment;
  }

  private Assignments put(String name, String field, String content) {
    return Assignments.of("fs.blob_put").input("path", path(name)).input(field, content);
  }

  private String path(String name) {
    return mark(round) + "/" + name;
  }

  private Assignments endless(String name, Misbehaviour behaviour) {
    Scenario scenario = add(name, Assignments.http(""));
    return scenario.assignment().input("url", site.endlessPage(scenario.page(), behaviour));
  }

  private Assignments page(String name, Misbehaviour behaviour) {
    Scenario scenario = add(name, Assignments.http(""));
    return scenario.assignment().input("url", site.page(scenario.page(), behaviour));
  }

  private Scenario add(String name, Assignments assignment) {
    Scenario scenario =
        new Scenario(name, assignment.id(name + "-" + mark(round)), "/" + name + "/" + mark(round));
    if (assignment.json().path("request_id").stringValue("").startsWith("r-")) {
      assignment.with("request_id", "r-" + name);
    }
    all.add(scenario);
    return scenario;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
