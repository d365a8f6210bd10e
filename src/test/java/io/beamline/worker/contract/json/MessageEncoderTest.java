package io.beamline.worker.contract.json;

import static io.beamline.worker.contract.json.Sample.FLOW;
import static io.beamline.worker.contract.json.Sample.RUN;
import static io.beamline.worker.contract.json.Sample.STEP;
import static io.beamline.worker.contract.json.Sample.TRACE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.AttemptReport;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ErrorType;
import io.beamline.worker.contract.ExecAssignmentAck;
import io.beamline.worker.contract.ExecResult;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.Overload;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.RejectReason;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepOutcome;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.contract.WorkerHeartbeat;
import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

/** The messages of the worker, checked as the Router checks them (contract sections 1 to 3). */
class MessageEncoderTest {

  private static final long NOW = 1_795_415_735_566L;
  private static final Correlation WHOLE = new Correlation(TRACE, RUN, FLOW, STEP);
  private static final AssignmentIdentity HTTP =
      new AssignmentIdentity("a-http-1", "r-1", "tenant-a", "worker:http", "http.request", WHOLE);
  private static final StepOutcome DONE = new StepOutcome.Success(Outputs.of(Map.of("n", 1)));

  @Test
  void writesARejectionAsInTheSample() {
    ExecAssignmentAck ack =
        new ExecAssignmentAck(
            HTTP,
            ExecAssignmentAck.AckStatus.REJECTED,
            RejectReason.QUEUE_FULL.wireName(),
            "pool io has 1000 of 1000 steps waiting",
            new Overload("critical", 1000),
            "worker-1",
            1_795_415_734_835L);
    assertThat(RouterCheck.accepted(ack, "cp2"))
        .isEqualTo(Sample.json(Sample.file("ack-rejected.json")));
  }

  @Test
  void writesAFailureOfCp1AsInTheSample() {
    ExecResult result =
        new ExecResult(
            new AssignmentIdentity(
                "a-get-1", "r-3", "tenant-a", "worker:fs", "fs.blob_get", Correlation.NONE),
            new StepOutcome.Failure(
                StepError.of(
                    ErrorCode.PERMISSION_DENIED,
                    "The path leads out of the permitted roots",
                    Map.of("path", "../../etc/passwd"))),
            1,
            3,
            NOW,
            ExecResult.Cp2.NOTHING);
    assertThat(RouterCheck.accepted(result, "cp1"))
        .isEqualTo(Sample.json(Sample.file("result-error-cp1.json")));
  }

  @Test
  void writesAFailureOfCp2AsInTheSample() {
    List<AttemptReport> attempts =
        List.of(report(1, 8, 100), report(2, 7, 200), report(3, 8, 400), report(4, 8, 0));
    ExecResult result =
        new ExecResult(
            HTTP,
            new StepOutcome.Failure(
                new StepError(
                    ErrorCode.HTTP_ERROR,
                    ErrorType.SERVER_ERROR,
                    "HTTP request failed with status: 503",
                    true,
                    Map.of("status_code", 503, "method", "GET", "host", "127.0.0.1"))),
            8,
            3,
            NOW,
            new ExecResult.Cp2(731L, attempts, null, null));
    assertThat(RouterCheck.accepted(result, "cp2"))
        .isEqualTo(Sample.json(Sample.file("result-error-cp2.json")));
  }

  @ParameterizedTest
  @EnumSource
  void writesRefusalsOfEveryReason(RejectReason reason) {
    JsonNode json = RouterCheck.accepted(refusal(HTTP, reason, "why"), "cp1");
    assertThat(json.path("status").stringValue()).isEqualTo("rejected");
    assertThat(json.path("reason").stringValue()).isEqualTo(reason.wireName());
  }

  @Test
  void writesRefusalsOfAnAssignmentThatIsKnownByItsIdAlone() {
    AssignmentIdentity identity =
        new AssignmentIdentity("a-1", null, null, null, null, Correlation.NONE);
    JsonNode json =
        RouterCheck.accepted(refusal(identity, RejectReason.INVALID_ASSIGNMENT, "why"), "cp1");
    assertThat(json.path("tenant_id").stringValue()).isEqualTo(MessageEncoder.UNKNOWN_TENANT);
    assertThat(json.has("request_id")).isFalse();
  }

  @Test
  void acceptsWithoutReasonOrDetail() {
    ExecAssignmentAck ack =
        new ExecAssignmentAck(
            HTTP, ExecAssignmentAck.AckStatus.ACCEPTED, null, null, null, "worker-1", NOW);
    assertThat(RouterCheck.accepted(ack, "cp1").propertyNames())
        .containsExactlyInAnyOrder(
            "version",
            "assignment_id",
            "request_id",
            "tenant_id",
            "status",
            "trace_id",
            "correlation",
            "acknowledged_at",
            "metadata");
  }

  @ParameterizedTest
  @EnumSource
  void writesFailuresOfEveryCode(ErrorCode code) {
    StepError error = StepError.of(code, "It failed");
    JsonNode json = RouterCheck.accepted(result(HTTP, new StepOutcome.Failure(error)), "cp1");
    assertThat(json.path("error_code").stringValue()).isEqualTo(code.name());
    assertThat(json.path("error_type").stringValue()).isEqualTo(code.type().wireName());
    assertThat(json.path("status").stringValue()).isEqualTo(error.status().wireName());
    assertThat(json.path("error").path("retryable").booleanValue()).isEqualTo(code.retryable());
  }

  @ParameterizedTest
  @CsvSource({
    "SERVER_ERROR, 503, true",
    "CLIENT_ERROR, 404, false",
    "CLIENT_ERROR, 429, true",
  })
  void writesHttpFailuresWithTheStatusesOwnType(ErrorType type, int status, boolean retryable) {
    StepError error =
        new StepError(
            ErrorCode.HTTP_ERROR,
            type,
            "The response has an error status",
            retryable,
            Map.of("status_code", status));
    assertThat(
            RouterCheck.accepted(result(HTTP, new StepOutcome.Failure(error)), "cp1")
                .path("error_type")
                .stringValue())
        .isEqualTo(type.wireName());
  }

  @Test
  void carriesNothingOfCp2InCp1() {
    assertThat(RouterCheck.accepted(result(HTTP, DONE), "cp1").propertyNames())
        .containsExactlyInAnyOrder(
            "version",
            "assignment_id",
            "request_id",
            "tenant_id",
            "status",
            "provider_id",
            "job",
            "result",
            "latency_ms",
            "cost",
            "timestamp",
            "retries_used",
            "trace_id",
            "run_id",
            "flow_id",
            "step_id",
            "correlation");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "7|-|-|-|elapsed_ms",
        "7|1|-|-|elapsed_ms attempts",
        "-|-|3|healthy|queue_depth overload_status",
        "0|2|0|critical|elapsed_ms attempts queue_depth overload_status"
      })
  void addsWhatEachFlagAdds(
      @Nullable Long elapsedMs,
      @Nullable Integer attempts,
      @Nullable Integer depth,
      @Nullable String status,
      String added) {
    List<AttemptReport> reports =
        attempts == null
            ? null
            : attempts == 1 ? List.of(success(1)) : List.of(report(1, 5, 100), success(2));
    ExecResult result =
        new ExecResult(
            HTTP,
            DONE,
            1,
            attempts == null ? 0 : attempts - 1,
            NOW,
            new ExecResult.Cp2(elapsedMs, reports, depth, status));
    List<String> more = new ArrayList<>(RouterCheck.accepted(result, "cp2").propertyNames());
    more.removeAll(RouterCheck.accepted(result(HTTP, DONE), "cp1").propertyNames());
    assertThat(more).containsExactlyInAnyOrder(added.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "4bf92f3577b34da6a3ce929d0e0e4736, r, f, s, trace_id",
        "trace, r, f, s, ''",
        "-, -, -, -, ''",
        "'', '', '', '', ''",
        "0b0e6f0e-6a1f-4a5e-9d62-2f6f1c2b7a11, -, -, -, trace_id",
        "-, 0b0e6f0e-6a1f-4a5e-9d62-2f6f1c2b7a11, 01ARZ3NDEKTSV4RRFFQ69G5FAV, -, ''",
        "x, 0b0e6f0e-6a1f-4a5e-9d62-2f6f1c2b7a11, 01ARZ3NDEKTSV4RRFFQ69G5FAV, step-1, ''",
        "x, 0b0e6f0e-6a1f-4a5e-9d62-2f6f1c2b7a11, 01ARZ3NDEKTSV4RRFFQ69G5FAV,"
            + " 0b0e6f0e-6a1f-4a5e-9d62-2f6f1c2b7a11, run_id flow_id step_id"
      })
  void putsIdsAtTheTopOnlyWhereTheRouterTakesThem(
      @Nullable String trace,
      @Nullable String run,
      @Nullable String flow,
      @Nullable String step,
      String atTop) {
    AssignmentIdentity identity =
        new AssignmentIdentity("a", "r", "t", "p", "echo", new Correlation(trace, run, flow, step));
    JsonNode json = RouterCheck.accepted(result(identity, DONE), "cp1");
    List<String> top = new ArrayList<>(json.propertyNames());
    top.retainAll(List.of("trace_id", "run_id", "flow_id", "step_id"));
    assertThat(String.join(" ", top)).isEqualTo(atTop);
    JsonNode below = json.path("correlation");
    assertThat(text(below, "trace_id")).isEqualTo(trace);
    assertThat(text(below, "run_id")).isEqualTo(run);
    assertThat(text(below, "flow_id")).isEqualTo(flow);
    assertThat(text(below, "step_id")).isEqualTo(step);
  }

  @ParameterizedTest
  @FieldSource("io.beamline.worker.contract.json.Hostile#TEXTS")
  void neverLosesAResultForTheTextsInIt(String text) {
    AssignmentIdentity identity =
        new AssignmentIdentity(
            "a-1",
            "r-1",
            "t",
            "p" + text,
            "j" + text,
            new Correlation("c" + text, text, text, text));
    StepError error =
        new StepError(
            ErrorCode.NETWORK_ERROR,
            ErrorType.CONNECTION_ERROR,
            "m" + text,
            true,
            Map.of("k" + start(text), text));

    JsonNode json = RouterCheck.accepted(result(identity, new StepOutcome.Failure(error)), "cp1");

    String written = Hostile.asWritten(text);
    assertThat(text(json, "provider_id")).isEqualTo("p" + written);
    assertThat(text(json.path("job"), "type")).isEqualTo("j" + written);
    assertThat(text(json.path("correlation"), "run_id")).isEqualTo(written);
    assertThat(text(json, "error_message")).isEqualTo("m" + written);
    assertThat(text(json.path("error").path("details"), "k" + Hostile.asWritten(start(text))))
        .isEqualTo(written);
  }

  @ParameterizedTest
  @FieldSource("io.beamline.worker.contract.json.Hostile#TEXTS")
  void neverLosesOutputsForTheTextsInThem(String text) {
    Outputs outputs = Outputs.of(Map.of(start(text), List.of(text, Map.of(start(text), text))));

    JsonNode json = RouterCheck.accepted(result(HTTP, new StepOutcome.Success(outputs)), "cp1");

    String written = Hostile.asWritten(text);
    String name = Hostile.asWritten(start(text));
    JsonNode list = json.path("result").path(name);
    assertThat(list.path(0).stringValue()).isEqualTo(written);
    assertThat(list.path(1).path(name).stringValue()).isEqualTo(written);
  }

  @ParameterizedTest
  @FieldSource("io.beamline.worker.contract.json.Hostile#TEXTS")
  void neverLosesAnAckForTheTextsInIt(String text) {
    AssignmentIdentity identity =
        new AssignmentIdentity(
            "a-1", "r-1", "t", text, text, new Correlation(text, text, text, text));
    JsonNode json =
        RouterCheck.accepted(refusal(identity, RejectReason.INVALID_ASSIGNMENT, "d" + text), "cp1");
    assertThat(text(json.path("metadata"), "detail")).isEqualTo("d" + Hostile.asWritten(text));
  }

  @RandomCases(300)
  void writesAnyText(RandomValues random) {
    String text = String.join("", random.list(0, 40, () -> mostlySurrogate(random)));
    JsonNode json =
        RouterCheck.accepted(
            result(HTTP, new StepOutcome.Success(Outputs.of(Map.of("a", text)))), "cp1");
    assertThat(text(json.path("result"), "a")).isEqualTo(Hostile.asWritten(text));
  }

  private static String mostlySurrogate(RandomValues random) {
    return random.nextInt(4) == 0
        ? random.text(1, 1, '\0', '\uFFFF')
        : random.text(1, 1, '\uD800', '\uDFFF');
  }

  @Test
  void writesAnUnsupportedTypeThatIsCutWithinACharacter() {
    Decoded.Rejected rejected =
        Sample.rejected(Sample.with("job.type", Sample.quoted("x".repeat(63) + "\uD83D\uDE00")));
    JsonNode json =
        RouterCheck.accepted(
            refusal(rejected.identity(), rejected.reason(), rejected.detail()), "cp1");
    assertThat(text(json.path("metadata"), "detail"))
        .startsWith("job.type \"" + "x".repeat(63))
        .endsWith("…\" is not supported");
  }

  @Test
  void writesEveryKindOfOutput() {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("text", "a");
    values.put("truth", true);
    values.put("int", Integer.MIN_VALUE);
    values.put("long", Long.MAX_VALUE);
    values.put("double", 0.5);
    values.put("raw", new RawJson("[1, {}]"));
    values.put("list", Arrays.asList("a", null, List.of()));
    values.put("map", Map.of("headers", List.of("a", "b")));
    values.put("nothing", null);
    values.put("other", Instant.EPOCH);

    JsonNode json =
        RouterCheck.accepted(result(HTTP, new StepOutcome.Success(Outputs.of(values))), "cp1");

    assertThat(json.path("result"))
        .isEqualTo(
            Sample.json(
                """
                {"text":"a","truth":true,"int":-2147483648,"long":9223372036854775807,"double":0.5,
                 "raw":[1,{}],"list":["a",null,[]],"map":{"headers":["a","b"]},"nothing":null,
                 "other":"1970-01-01T00:00:00Z"}"""
                    .getBytes(UTF_8)));
    assertThat(json.path("result").propertyNames()).containsExactlyElementsOf(values.keySet());
  }

  @ParameterizedTest
  @EnumSource
  void writesHeartbeats(WorkerHeartbeat.HeartbeatStatus status) {
    WorkerHeartbeat heartbeat =
        new WorkerHeartbeat(
            "w", Instant.ofEpochMilli(NOW), status, 0.25, 1L << 40, 3, null, List.of(), null);
    assertThat(RouterCheck.accepted(heartbeat))
        .isEqualTo(
            Sample.json(
                """
                {"version":"1","worker_id":"w","timestamp":"2026-11-23T06:35:35.566Z",
                 "status":"%s","metadata":{},
                 "resources":{"cpu":0.25,"gpu":0.0,"mem_bytes":1099511627776,"jobs_in_flight":3}}"""
                    .formatted(status.wireName())
                    .getBytes(UTF_8)));
  }

  @Test
  void writesDepthsAndFlagsIntoHeartbeats() {
    WorkerHeartbeat heartbeat =
        new WorkerHeartbeat(
            "w",
            Instant.ofEpochSecond(1_795_415_735),
            WorkerHeartbeat.HeartbeatStatus.READY,
            1.0,
            0,
            0,
            Map.of("io", 5, "cpu", 0),
            List.of("CP2_QUEUE_MANAGEMENT_ENABLED"),
            null);
    JsonNode metadata = RouterCheck.accepted(heartbeat).path("metadata");
    assertThat(metadata.path("queue_depth").path("io").intValue()).isEqualTo(5);
    assertThat(metadata.path("queue_depth").path("cpu").intValue()).isZero();
    assertThat(metadata.path("cp2").path(0).stringValue())
        .isEqualTo("CP2_QUEUE_MANAGEMENT_ENABLED");
  }

  @Test
  void writesAPauseIntoHeartbeats() {
    assertThat(paused(Instant.ofEpochSecond(1_795_415_735)))
        .hasToString("{\"intake\":{\"paused\":true,\"until\":\"2026-11-23T06:35:35Z\"}}");
    assertThat(paused(null)).hasToString("{\"intake\":{\"paused\":true}}");
  }

  private static JsonNode paused(@Nullable Instant until) {
    return RouterCheck.accepted(
            new WorkerHeartbeat(
                "w",
                Instant.ofEpochMilli(NOW),
                WorkerHeartbeat.HeartbeatStatus.READY,
                0.0,
                0,
                0,
                null,
                List.of(),
                new WorkerHeartbeat.HeartbeatPause(until)))
        .path("metadata");
  }

  @ParameterizedTest
  @FieldSource("io.beamline.worker.contract.json.Hostile#TEXTS")
  void neverLosesAHeartbeatForTheWorkersName(String text) {
    WorkerHeartbeat heartbeat =
        new WorkerHeartbeat(
            "w" + text,
            Instant.ofEpochMilli(NOW),
            WorkerHeartbeat.HeartbeatStatus.BUSY,
            0.0,
            0,
            0,
            null,
            List.of(),
            null);
    assertThat(text(RouterCheck.accepted(heartbeat), "worker_id"))
        .isEqualTo("w" + Hostile.asWritten(text));
  }

  private static ExecAssignmentAck refusal(
      AssignmentIdentity identity, RejectReason reason, String detail) {
    return new ExecAssignmentAck(
        identity,
        ExecAssignmentAck.AckStatus.REJECTED,
        reason.wireName(),
        detail,
        null,
        "worker-1",
        NOW);
  }

  private static ExecResult result(AssignmentIdentity identity, StepOutcome outcome) {
    return new ExecResult(identity, outcome, 1, 0, NOW, ExecResult.Cp2.NOTHING);
  }

  private static AttemptReport report(int attempt, long latencyMs, long backoffMs) {
    return new AttemptReport(
        attempt, StepStatus.ERROR, ErrorCode.HTTP_ERROR, 503, latencyMs, backoffMs);
  }

  private static AttemptReport success(int attempt) {
    return new AttemptReport(attempt, StepStatus.SUCCESS, null, null, 1, 0);
  }

  /** Returns the start of a text, as long as the test's parser accepts for a name. */
  private static String start(String text) {
    return text.substring(0, Math.min(text.length(), 8_001));
  }

  private static @Nullable String text(JsonNode object, String field) {
    return object.has(field) ? object.path(field).stringValue() : null;
  }
}
