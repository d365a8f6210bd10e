package io.beamline.worker.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class RouterOracleTest {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String UUID = "0b0e6f0e-6a1f-4a5e-9d62-2f6f1c2b7a11";

  private static final String ACCEPTED =
      """
      {"version":"1","assignment_id":"a-1","request_id":"r-1","tenant_id":"tenant-a",
       "status":"accepted","correlation":{},"acknowledged_at":1795415734835,
       "metadata":{"worker_id":"worker-1"}}\
      """;
  private static final String REJECTED =
      """
      {"version":"1","assignment_id":"a-1","request_id":"r-1","tenant_id":"tenant-a",
       "status":"rejected","reason":"queue_full","message":"queue_full",
       "overload_status":"critical","queue_depth":1000,"correlation":{},
       "acknowledged_at":1795415734835,"metadata":{"worker_id":"worker-1","detail":"full"}}\
      """;
  private static final String SUCCESS =
      """
      {"version":"1","assignment_id":"a-1","request_id":"r-1","tenant_id":"tenant-a",
       "status":"success","provider_id":"p","job":{"type":"echo"},"latency_ms":0,"cost":0.0,
       "timestamp":1795415735566,"retries_used":0,"correlation":{},"result":{"null":null}}\
      """;
  private static final String FAILURE =
      """
      {"version":"1","assignment_id":"a-1","request_id":"r-1","tenant_id":"tenant-a",
       "status":"error","provider_id":"p","job":{"type":"http"},"latency_ms":8,"cost":0.0,
       "timestamp":1795415735566,"retries_used":1,"correlation":{},
       "error_code":"HTTP_ERROR","error_type":"server_error","error_message":"status: 503",
       "error":{"code":"HTTP_ERROR","message":"status: 503","retryable":true,
                "details":{"status_code":503}}}\
      """;
  private static final String CP2_FAILURE =
      """
      {"version":"1","assignment_id":"a-1","request_id":"r-1","tenant_id":"tenant-a",
       "status":"timeout","provider_id":"p","job":{"type":"http"},"latency_ms":8,"cost":0.0,
       "timestamp":1795415735566,"retries_used":1,"correlation":{},
       "error_code":"CANCELLED_BY_TIMEOUT","error_type":"timeout","error_message":"over 5 s",
       "error":{"code":"CANCELLED_BY_TIMEOUT","message":"over 5 s","retryable":false,
                "details":{}},
       "elapsed_ms":731,"queue_depth":0,"overload_status":"healthy",
       "attempts":[
        {"attempt":1,"status":"error","error_code":"HTTP_ERROR","http_status":503,
         "latency_ms":8,"backoff_ms":100},
        {"attempt":2,"status":"timeout","error_code":"CONNECTION_TIMEOUT",
         "latency_ms":8,"backoff_ms":0}]}\
      """;
  private static final String HEARTBEAT =
      """
      {"version":"1","worker_id":"w","timestamp":"2026-11-23T15:00:00.123Z","status":"ready",
       "resources":{"cpu":0.5,"gpu":0.0,"mem_bytes":1,"jobs_in_flight":0},
       "metadata":{"cp2":["CP2_QUEUE_MANAGEMENT_ENABLED"],"queue_depth":{"io":0,"cpu":0}}}\
      """;
  private static final String DEAD_LETTER =
      """
      {"version":"1","status":"error","error_code":"INVALID_FORMAT","timestamp":1795415735566,
       "error_type":"validation_error","error_message":"not JSON",
       "error":{"code":"INVALID_FORMAT","message":"not JSON","retryable":false,"details":{}},
       "reason":"malformed","original_subject":"caf.exec.assign.v1","original":"e30=",
       "original_encoding":"base64"}\
      """;

  @Test
  void findsNothingInGoodMessages() {
    assertThat(ack(ACCEPTED, "cp1").judge()).isEmpty();
    assertThat(ack(ACCEPTED, "cp2").judge()).isEmpty();
    assertThat(ack(REJECTED, "cp2").judge()).isEmpty();
    assertThat(result(SUCCESS, "cp1").judge()).isEmpty();
    assertThat(result(FAILURE, "cp1").judge()).isEmpty();
    assertThat(result(CP2_FAILURE, "cp2").judge()).isEmpty();
    assertThat(new Draft(Subjects.STANDARD.heartbeat(), HEARTBEAT).judge()).isEmpty();
    assertThat(deadLetter().judge()).isEmpty();
  }

  @Nested
  class Everywhere {

    @Test
    void wantsOneJsonObjectInUtf8() {
      assertThat(raw("{")).contains("the body is not one JSON object, or repeats a key");
      assertThat(raw("{} {}")).contains("the body is not one JSON object, or repeats a key");
      assertThat(raw("{\"a\":1,\"a\":1}"))
          .contains("the body is not one JSON object, or repeats a key");
      assertThat(RouterOracle.judge("caf.exec.result.v1", Map.of(), new byte[] {'"', -1, '"'}))
          .contains("the body is not UTF-8");
    }

    @Test
    void wantsKnownSubject() {
      assertThat(new Draft("caf.other", SUCCESS).judge()).hasSize(1);
    }

    @Test
    void wantsHeadersSinglePrintableAndNeverEmpty() {
      assertThat(result(SUCCESS, "cp1").header("x", "").judge())
          .containsExactly("header x is empty");
      assertThat(result(SUCCESS, "cp1").header("x", "é").judge())
          .containsExactly("header x is not printable ASCII");
      assertThat(result(SUCCESS, "cp1").header("x", "a\u0000").judge()).hasSize(1);
      Draft twice = result(SUCCESS, "cp1");
      twice.headers.put("x", List.of("a", "b"));
      assertThat(twice.judge()).containsExactly("header x has 2 values");
    }

    @ParameterizedTest
    @CsvSource({
      "Nats-Msg-Id, a-1.ack",
      "Nats-Msg-Id, ",
      "version, 2",
      "version, ",
      "cp_phase, cp3",
      "tenant_id, other",
      "tenant_id, "
    })
    void wantsHeadersOfAnswers(String name, @Nullable String value) {
      Draft draft = result(SUCCESS, "cp1");
      draft.headers.remove(name);
      if (value != null) {
        draft.header(name, value);
      }
      assertThat(draft.judge()).hasSize(1).first().asString().startsWith("header " + name);
    }

    @Test
    void wantsTheTraceHeaderWhereKnownAndPrintable() {
      Draft known = result(SUCCESS, "cp1").with("correlation", json("{\"trace_id\":\"t-é\"}"));
      assertThat(known.judge()).isEmpty();
      known.with("correlation", json("{\"trace_id\":\"t-1\"}"));
      assertThat(known.judge()).hasSize(1).first().asString().startsWith("header trace_id");
      assertThat(known.header("trace_id", "t-1").judge()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "version|2",
          "version|",
          "assignment_id|",
          "tenant_id|",
          "tenant_id|''",
          "correlation|",
          "request_id|''",
          "request_id|"
        })
    void wantsTheIds(String field, @Nullable String value) {
      for (Draft draft : List.of(result(SUCCESS, "cp1"), ack(ACCEPTED, "cp1"))) {
        assertThat(draft.with(field, value == null ? null : MAPPER.valueToTree(value)).judge())
            .anySatisfy(violation -> assertThat(violation).startsWith(field + " is"));
      }
    }

    @Test
    void refusesNullInPlaceOfAbsent() {
      assertThat(result(SUCCESS, "cp1").with("trace_id", json("null")).judge())
          .contains("trace_id is null: it must be absent");
    }

    @Test
    void refusesUnknownFields() {
      assertThat(result(SUCCESS, "cp1").with("extra", json("1")).judge())
          .containsExactly("the result has the unknown field extra");
      assertThat(ack(ACCEPTED, "cp1").with("extra", json("1")).judge())
          .containsExactly("the ack has the unknown field extra");
    }
  }

  @Nested
  class TopLevelRule {

    @Test
    void takesTraceIdOnlyAsHexOrUuid() {
      Draft draft = result(SUCCESS, "cp1").correlated("trace_id", TRACE);
      assertThat(draft.header("trace_id", TRACE).judge()).isEmpty();
      draft.correlated("trace_id", "trace-1").header("trace_id", "trace-1");
      assertThat(draft.judge()).hasSize(1).first().asString().contains("neither 32 hexadecimal");
    }

    @Test
    void wantsTraceIdWhereTheRouterTakesIt() {
      Draft draft = ack(ACCEPTED, "cp1").header("trace_id", TRACE);
      draft.with("correlation", json("{\"trace_id\":\"" + TRACE + "\"}"));
      assertThat(draft.judge()).hasSize(1).first().asString().startsWith("trace_id is missing");
    }

    @Test
    void takesRunFlowAndStepOnlyTogetherAndWellFormed() {
      Draft draft = result(SUCCESS, "cp1").correlated("run_id", UUID).correlated("flow_id", UUID);
      assertThat(draft.judge()).hasSize(1);
      assertThat(draft.correlated("step_id", "01ARZ3NDEKTSV4RRFFQ69G5FAV").judge()).isEmpty();
      assertThat(draft.correlated("step_id", "step-1").judge()).hasSize(1);
      assertThat(draft.correlated("step_id", UUID.replace("-4", "-1")).judge()).hasSize(1);
    }

    @Test
    void wantsTheSameUnderCorrelation() {
      assertThat(result(SUCCESS, "cp1").with("trace_id", json("\"" + TRACE + "\"")).judge())
          .containsExactly("trace_id at top level differs from correlation");
    }
  }

  @Nested
  class Ack {

    @Test
    void wantsItsFields() {
      for (String field : List.of("status", "acknowledged_at", "metadata")) {
        assertThat(ack(ACCEPTED, "cp1").with(field, null).judge())
            .anySatisfy(violation -> assertThat(violation).startsWith(field + " is missing"));
      }
      assertThat(ack(ACCEPTED, "cp1").with("acknowledged_at", json("1795415734")).judge())
          .hasSize(1);
      assertThat(ack(ACCEPTED, "cp1").with("metadata", json("{}")).judge()).hasSize(1);
    }

    @Test
    void wantsMessageToEqualReason() {
      assertThat(ack(REJECTED, "cp2").with("message", json("\"full\"")).judge()).hasSize(1);
      assertThat(ack(REJECTED, "cp2").with("message", null).judge()).hasSize(1);
      assertThat(
              ack(REJECTED, "cp2")
                  .with("reason", json("\"busy\""))
                  .with("message", json("\"busy\""))
                  .judge())
          .hasSize(1);
    }

    @Test
    void wantsNoReasonWhenAccepted() {
      assertThat(ack(ACCEPTED, "cp1").with("reason", json("\"queue_full\"")).judge()).hasSize(1);
    }

    @Test
    void wantsNothingOfCp2InCp1() {
      assertThat(ack(REJECTED, "cp1").judge())
          .containsExactly(
              "overload_status must be absent: the ack is one of CP1",
              "queue_depth must be absent: the ack is one of CP1");
    }

    @Test
    void takesRefusalWithoutRequestId() {
      assertThat(ack(REJECTED, "cp2").with("request_id", null).judge()).isEmpty();
    }
  }

  @Nested
  class Result {

    @ParameterizedTest
    @CsvSource({
      "status",
      "provider_id",
      "job",
      "latency_ms",
      "cost",
      "timestamp",
      "retries_used",
      "result"
    })
    void wantsItsFields(String field) {
      assertThat(result(SUCCESS, "cp1").with(field, null).judge())
          .anySatisfy(violation -> assertThat(violation).startsWith(field + " is missing"));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "status|\"done\"",
          "latency_ms|-1",
          "latency_ms|1.5",
          "cost|-1",
          "timestamp|1795415735",
          "timestamp|\"2026-11-23T15:00:00Z\"",
          "retries_used|20",
          "job|{}",
          "result|[]"
        })
    void wantsTheirTypes(String field, String value) {
      assertThat(result(SUCCESS, "cp1").with(field, json(value)).judge()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"elapsed_ms, 1", "attempts, []", "queue_depth, 0", "overload_status, 'healthy'"})
    void wantsNothingOfCp2InCp1(String field, String value) {
      JsonNode node = value.equals("healthy") ? MAPPER.valueToTree(value) : json(value);
      assertThat(result(SUCCESS, "cp1").with(field, node).judge())
          .contains(field + " must be absent: the result is one of CP1");
    }

    @Test
    void wantsSomethingOfCp2InCp2() {
      assertThat(result(SUCCESS, "cp2").judge()).containsExactly("a result of CP2 shows no flag");
    }

    @Test
    void wantsAttemptsCountedAndComplete() {
      ObjectNode one = (ObjectNode) json(CP2_FAILURE).path("attempts").path(0);
      Draft draft = result(CP2_FAILURE, "cp2");
      assertThat(draft.with("attempts", MAPPER.createArrayNode().add(one).add(one)).judge())
          .anySatisfy(violation -> assertThat(violation).contains("not counted upwards"));
      assertThat(draft.with("attempts", MAPPER.createArrayNode().add(one)).judge())
          .containsExactly("retries_used is 1 after attempt 1");
      ObjectNode bare = MAPPER.createObjectNode().put("attempt", 2).put("status", "error");
      assertThat(draft.with("attempts", MAPPER.createArrayNode().add(bare)).judge()).hasSize(3);
      assertThat(draft.with("elapsed_ms", null).judge()).contains("attempts without elapsed_ms");
    }

    @Test
    void wantsQueueFieldsTogether() {
      assertThat(result(CP2_FAILURE, "cp2").with("queue_depth", null).judge()).hasSize(1);
      assertThat(result(CP2_FAILURE, "cp2").with("overload_status", json("\"fine\"")).judge())
          .hasSize(1);
    }
  }

  @Nested
  class Failure {

    @ParameterizedTest
    @CsvSource({"error_code", "error_type", "error_message", "error"})
    void wantsItsFields(String field) {
      assertThat(result(FAILURE, "cp1").with(field, null).judge())
          .anySatisfy(violation -> assertThat(violation).startsWith(field + " is missing"));
    }

    @ParameterizedTest
    @CsvSource({
      "INVALID_INPUT, validation_error, 'The path is empty', true",
      "INVALID_INPUT, validation_error, 'The port 99999 is too high', false",
      "NETWORK_ERROR, connection_error, 'connection refused by 127.0.0.1', true",
      "INTERNAL_ERROR, internal_error, 'Connection pool closed', false",
      "INTERNAL_ERROR, internal_error, 'A TIMEOUT was negative', false",
      "RESOURCE_UNAVAILABLE, execution_error, 'The file is unavailable', false",
      "INVALID_INPUT, timeout, 'The path is empty', false",
      "NO_SUCH_CODE, internal_error, 'No such code', false"
    })
    void wantsMessagesThatTheRouterDoesNotMisread(
        String code, String type, String message, boolean good) {
      assertThat(failure(code, type, message, "error").judge().isEmpty()).isEqualTo(good);
    }

    @Test
    void wantsStatusToFitTheCode() {
      assertThat(failure("CANCELLED_BY_USER", "cancelled", "drained", "cancelled").judge())
          .isEmpty();
      assertThat(failure("CANCELLED_BY_USER", "cancelled", "drained", "error").judge()).hasSize(1);
      assertThat(failure("CANCELLED_BY_TIMEOUT", "timeout", "late", "error").judge()).hasSize(1);
      assertThat(failure("INTERNAL_ERROR", "internal_error", "late", "timeout").judge()).hasSize(1);
    }

    @Test
    void wantsErrorTypeToFitTheHttpStatus() {
      Draft draft = result(FAILURE, "cp1").with("error_type", json("\"client_error\""));
      assertThat(draft.judge())
          .anySatisfy(violation -> assertThat(violation).contains("does not fit the status 503"));
    }

    @Test
    void wantsRetryableToFitTheCode() {
      Draft draft = failure("INVALID_INPUT", "validation_error", "bad", "error");
      ((ObjectNode) draft.json.path("error")).put("retryable", true);
      assertThat(draft.judge()).containsExactly("INVALID_INPUT is never retryable");
    }

    @Test
    void wantsErrorToRepeatCodeAndMessage() {
      Draft draft = result(FAILURE, "cp1");
      ((ObjectNode) draft.json.path("error")).put("code", "X").put("message", "other");
      assertThat(draft.judge()).hasSize(2);
    }

    @Test
    void wantsNoResultBesideAnError() {
      assertThat(result(FAILURE, "cp1").with("result", json("{}")).judge()).hasSize(1);
      assertThat(result(SUCCESS, "cp1").with("error_code", json("\"X\"")).judge()).hasSize(1);
    }

    private Draft failure(String code, String type, String message, String status) {
      Draft draft = result(FAILURE, "cp1").with("status", MAPPER.valueToTree(status));
      draft.json.put("error_code", code).put("error_type", type).put("error_message", message);
      boolean retryable = code.equals("NETWORK_ERROR");
      ObjectNode error = (ObjectNode) draft.json.path("error");
      error.put("code", code).put("message", message).put("retryable", retryable);
      error.set("details", MAPPER.createObjectNode());
      return draft;
    }
  }

  @Nested
  class HeartbeatAndDeadLetter {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "worker_id|''",
          "timestamp|1795415735566",
          "timestamp|\"2026-11-23T15:00:00+01:00\"",
          "status|\"idle\"",
          "resources|{\"cpu\":2,\"gpu\":0.0,\"mem_bytes\":1,\"jobs_in_flight\":0}",
          "resources|{\"cpu\":0,\"gpu\":0.0,\"mem_bytes\":1}",
          "metadata|{\"queue_depth\":{\"io\":0}}",
          "metadata|{\"cp2\":[\"CP2_QUEUE_MANAGEMENT_ENABLED\"]}",
          "metadata|{\"cp2\":[]}",
          "extra|1"
        })
    void wantsHeartbeatsOfTheContract(String field, String value) {
      Draft draft = new Draft(Subjects.STANDARD.heartbeat(), HEARTBEAT);
      JsonNode node = value.isEmpty() ? MAPPER.valueToTree("") : json(value);
      assertThat(draft.with(field, node).judge()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "original_subject|",
          "original|",
          "original|\"no base64!\"",
          "original_encoding|\"hex\"",
          "truncated|true",
          "timestamp|",
          "error_type|"
        })
    void wantsDeadLettersOfTheContract(String field, @Nullable String value) {
      assertThat(deadLetter().with(field, value == null ? null : json(value)).judge()).isNotEmpty();
    }

    @Test
    void wantsTheReasonInTheHeaderToo() {
      assertThat(deadLetter().header("x-dlq-reason", "failed").judge()).hasSize(1);
      assertThat(deadLetter().with("reason", json("\"lost\"")).judge()).isNotEmpty();
      assertThat(
              deadLetter()
                  .with("reason", json("\"failed\""))
                  .header("x-dlq-reason", "failed")
                  .with("status", json("\"timeout\""))
                  .judge())
          .hasSize(1);
    }
  }

  private static List<String> raw(String body) {
    return RouterOracle.judge("caf.exec.result.v1", Map.of(), body.getBytes(UTF_8));
  }

  private static Draft ack(String json, String phase) {
    return new Draft(Subjects.STANDARD.ack(), json).answer("a-1.ack", phase);
  }

  private static Draft result(String json, String phase) {
    return new Draft(Subjects.STANDARD.result(), json).answer("a-1.result", phase);
  }

  private static Draft deadLetter() {
    return new Draft(Subjects.STANDARD.dlq(), DEAD_LETTER).header("x-dlq-reason", "malformed");
  }

  private static JsonNode json(String text) {
    return MAPPER.readTree(text);
  }

  /** A good message, to be spoiled. */
  private static final class Draft {

    private final String subject;
    private final ObjectNode json;
    private final Map<String, List<String>> headers = new LinkedHashMap<>();

    Draft(String subject, String json) {
      this.subject = subject;
      this.json = (ObjectNode) json(json);
    }

    Draft answer(String msgId, String phase) {
      return header("Nats-Msg-Id", msgId)
          .header("version", "1")
          .header("cp_phase", phase)
          .header("tenant_id", "tenant-a");
    }

    Draft header(String name, String value) {
      headers.put(name, List.of(value));
      return this;
    }

    Draft with(String field, @Nullable JsonNode value) {
      if (value == null) {
        json.remove(field);
      } else {
        json.set(field, value);
      }
      return this;
    }

    Draft correlated(String field, String value) {
      json.put(field, value);
      ((ObjectNode) json.path("correlation")).put(field, value);
      return this;
    }

    List<String> judge() {
      return RouterOracle.judge(subject, headers, json.toString().getBytes(UTF_8));
    }
  }
}
