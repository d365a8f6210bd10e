package io.beamline.worker.contract.json;

import static io.beamline.worker.contract.json.Sample.FLOW;
import static io.beamline.worker.contract.json.Sample.RUN;
import static io.beamline.worker.contract.json.Sample.STEP;
import static io.beamline.worker.contract.json.Sample.TRACE;
import static io.beamline.worker.contract.json.Sample.bytes;
import static io.beamline.worker.contract.json.Sample.malformed;
import static io.beamline.worker.contract.json.Sample.minimal;
import static io.beamline.worker.contract.json.Sample.put;
import static io.beamline.worker.contract.json.Sample.quoted;
import static io.beamline.worker.contract.json.Sample.rejected;
import static io.beamline.worker.contract.json.Sample.valid;
import static io.beamline.worker.contract.json.Sample.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.ExecAssignment;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.RejectReason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Which assignments are valid, and why others are refused (contract section 2). */
class AssignmentDecoderTest {

  @Test
  void readsTheContractsSample() {
    Decoded.Valid valid = valid(Sample.file("assign-http.json"));

    ExecAssignment assignment = valid.assignment();
    assertThat(assignment.assignmentId()).isEqualTo("a-http-1");
    assertThat(assignment.requestId()).isEqualTo("r-1");
    assertThat(assignment.tenantId()).isEqualTo("tenant-a");
    assertThat(assignment.providerId()).isEqualTo("worker:http");
    assertThat(assignment.jobType()).isEqualTo("http.request");
    assertThat(assignment.options()).isEqualTo(new ExecAssignment.Options(50, 5000, 4, 100));
    assertThat(assignment.correlation()).isEqualTo(new Correlation(TRACE, RUN, FLOW, STEP));
    assertThat(Sample.json(assignment.payload().text().getBytes(UTF_8)))
        .isEqualTo(Sample.json(Sample.file("assign-http.json")).path("job").path("payload"));
    assertThat(valid.adjustments()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"assign-fs-put.json", "assign-fs-get.json"})
  void takesTheContractsSamples(String name) {
    assertThat(valid(Sample.file(name)).assignment().options())
        .isEqualTo(new ExecAssignment.Options(50, 5000, 0, 0));
  }

  @Test
  void defaultsEverythingOptional() {
    ExecAssignment assignment = valid(bytes(minimal())).assignment();

    assertThat(assignment.payload()).isEqualTo(RawJson.EMPTY_OBJECT);
    assertThat(assignment.options())
        .isEqualTo(
            new ExecAssignment.Options(
                50, ExecAssignment.ABSENT, ExecAssignment.ABSENT, ExecAssignment.ABSENT));
    assertThat(assignment.correlation()).isEqualTo(Correlation.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "executor.channel|\"nats\"",
        "executor.channel|null",
        "executor.more|{\"channel\":\"x\"}",
        "job.payload|null",
        "job.payload|{}",
        "job.payload_ref|null",
        "job.more|[{\"type\":5}]",
        "options|null",
        "options|{}",
        "options.retry|null",
        "options.priority|null",
        "options.more|[1]",
        "options.retry.more|\"x\"",
        "correlation|null",
        "correlation.more|{\"trace_id\":\"x\"}",
        "metadata|null",
        "metadata.more|[[[]]]",
        "decision|null",
        "decision|{\"priority\":1000,\"deadline_ms\":\"x\"}",
        "decision|5",
        "more|{\"version\":\"2\",\"job\":[null,true]}",
        "''|\"a field without a name\""
      })
  void ignoresWhatIsUnknownOrNull(String path, String value) {
    Decoded.Valid valid = valid(with(path, value));
    assertThat(valid.assignment()).isEqualTo(valid(bytes(minimal())).assignment());
    assertThat(valid.adjustments()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version||invalid_assignment|version is missing",
        "version|null|invalid_assignment|version is missing",
        "version|1|invalid_assignment|version is not a string",
        "version|\"2\"|unsupported_version|version is \"2\", supported is \"1\"",
        "version|\"\"|unsupported_version|version is \"\", supported is \"1\"",
        "version|\"1.0\"|unsupported_version|version is \"1.0\", supported is \"1\"",
        "request_id||invalid_assignment|request_id is missing",
        "request_id|null|invalid_assignment|request_id is missing",
        "request_id|[]|invalid_assignment|request_id is not a string",
        "request_id|\"\"|invalid_assignment|request_id is not 1 to 1024 bytes of UTF-8",
        "tenant_id||invalid_assignment|tenant_id is missing",
        "tenant_id|null|invalid_assignment|tenant_id is missing",
        "tenant_id|{}|invalid_assignment|tenant_id is not a string",
        "tenant_id|\"\"|invalid_assignment|tenant_id is not 1 to 256 bytes of UTF-8",
        "executor||invalid_assignment|executor.provider_id is missing",
        "executor|{}|invalid_assignment|executor.provider_id is missing",
        "executor|null|invalid_assignment|executor is not an object; executor.provider_id is"
            + " missing",
        "executor|\"p\"|invalid_assignment|executor is not an object; executor.provider_id is"
            + " missing",
        "executor.provider_id|null|invalid_assignment|executor.provider_id is missing",
        "executor.provider_id|\"\"|invalid_assignment|executor.provider_id is empty",
        "executor.provider_id|5|invalid_assignment|executor.provider_id is not a string",
        "executor.channel|\"\"|unsupported_channel|executor.channel is \"\", supported is \"nats\"",
        "executor.channel|\"NATS\"|unsupported_channel|executor.channel is \"NATS\", supported is"
            + " \"nats\"",
        "executor.channel|\"http\"|unsupported_channel|executor.channel is \"http\", supported is"
            + " \"nats\"",
        "executor.channel|true|invalid_assignment|executor.channel is not a string",
        "job||invalid_assignment|job.type is missing",
        "job|{}|invalid_assignment|job.type is missing",
        "job|[]|invalid_assignment|job is not an object; job.type is missing",
        "job.type|null|invalid_assignment|job.type is missing",
        "job.type|\"\"|invalid_assignment|job.type is empty",
        "job.type|{\"a\":1}|invalid_assignment|job.type is not a string",
        "job.type|\"nope\"|unsupported_job_type|job.type \"nope\" is not supported",
        "job.type|\"ECHO\"|unsupported_job_type|job.type \"ECHO\" is not supported",
        "job.payload|[]|invalid_assignment|job.payload is not an object",
        "job.payload|\"{}\"|invalid_assignment|job.payload is not an object",
        "job.payload|0|invalid_assignment|job.payload is not an object",
        "job.payload|false|invalid_assignment|job.payload is not an object",
        "job.payload_ref|\"s3://a/b\"|unsupported_payload_ref|job.payload_ref is not supported",
        "job.payload_ref|{}|unsupported_payload_ref|job.payload_ref is not supported",
        "job.payload_ref|false|unsupported_payload_ref|job.payload_ref is not supported"
      })
  void refusesWhatBreaksARule(String path, @Nullable String value, String reason, String detail) {
    Decoded.Rejected rejected = rejected(with(path, value));
    assertThat(rejected.reason().wireName()).isEqualTo(reason);
    assertThat(rejected.detail()).isEqualTo(detail);
    assertThat(rejected.identity().assignmentId()).isEqualTo("a-1");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 127, 128})
  void takesIdsUpToTheirLength(int length) {
    String id = "~".repeat(length);
    ObjectNode json = minimal().put("assignment_id", id);
    assertThat(valid(bytes(json)).assignment().assignmentId()).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "!~", "a b", "\"\\/", "{}", "a.b.*.>", "0"})
  void takesIdsOfAnyPrintableCharacters(String id) {
    ObjectNode json = minimal().put("assignment_id", id);
    assertThat(valid(bytes(json)).assignment().assignmentId()).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"undefined", " ", "\n", "\0", "é", "\u2028", "\uD83D\uDE00", "\r\nx: y", "0"})
  void takesAnyTextAsRequestId(String id) {
    assertThat(valid(with("request_id", quoted(id))).assignment().requestId()).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource({"a, 1024", "é, 512", "€, 341", "\uD83D\uDE00, 256", "'\u0001', 1024"})
  void countsTheRequestIdsBytes(String character, int most) {
    String longest = character.repeat(most);
    assertThat(valid(with("request_id", quoted(longest))).assignment().requestId())
        .isEqualTo(longest);

    Decoded.Rejected rejected = rejected(with("request_id", quoted(longest + character)));
    assertThat(rejected.reason()).isEqualTo(RejectReason.INVALID_ASSIGNMENT);
    assertThat(rejected.detail()).isEqualTo("request_id is not 1 to 1024 bytes of UTF-8");
    assertThat(rejected.identity().requestId()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud800", "a\\udc00", "\\udc00\\ud800"})
  void refusesARequestIdThatHasNoFormInUtf8(String id) {
    assertThat(rejected(with("request_id", "\"" + id + "\"")).detail())
        .isEqualTo("request_id is not 1 to 1024 bytes of UTF-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "null",
        "5",
        "{}",
        "[\"a\"]",
        "\"a\\u0000\"",
        "\"\\u001f\"",
        "\"\\u007f\"",
        "\"é\"",
        "\"\\ud800\"",
        "\"a\\nb\"",
        "\"\u2028\""
      })
  void callsAMessageWithoutAValidIdMalformed(String id) {
    Decoded.Malformed malformed = malformed(with("assignment_id", id));
    assertThat(malformed.fault()).isEqualTo("the message has no valid assignment_id");
    assertThat(malformed.identity())
        .isEqualTo(new AssignmentIdentity(null, "r-1", "tenant-a", "p", "echo", Correlation.NONE));
    assertThat(malformed(with("assignment_id", null)).fault()).isEqualTo(malformed.fault());
  }

  @Test
  void callsAMessageWithATooLongIdMalformed() {
    assertThat(malformed(with("assignment_id", quoted("a".repeat(129)))).fault())
        .isEqualTo("the message has no valid assignment_id");
  }

  @ParameterizedTest
  @CsvSource({"a, 256", "é, 128", "€, 85", "\uD83D\uDE00, 64", "' ', 1", "'\u0001', 1"})
  void countsTheTenantsBytes(String character, int most) {
    String longest = character.repeat(most);
    assertThat(valid(with("tenant_id", quoted(longest))).assignment().tenantId())
        .isEqualTo(longest);
    Decoded.Rejected rejected = rejected(with("tenant_id", quoted(longest + "a".repeat(256))));
    assertThat(rejected.reason()).isEqualTo(RejectReason.INVALID_ASSIGNMENT);
    assertThat(rejected.identity().tenantId()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"a, 257", "é, 129", "€, 86", "\uD83D\uDE00, 65"})
  void refusesATenantOfTooManyBytes(String character, int tooMany) {
    assertThat(rejected(with("tenant_id", quoted(character.repeat(tooMany)))).detail())
        .isEqualTo("tenant_id is not 1 to 256 bytes of UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud800", "a\\udc00", "\\udc00\\ud800"})
  void refusesATenantThatHasNoFormInUtf8(String tenant) {
    assertThat(rejected(with("tenant_id", "\"" + tenant + "\"")).detail())
        .isEqualTo("tenant_id is not 1 to 256 bytes of UTF-8");
  }

  @Test
  void namesEveryFault() {
    Decoded.Rejected rejected =
        rejected(
            """
            {"assignment_id":"a-1","version":"7","request_id":5,"tenant_id":"",
             "executor":{"channel":"smtp"},
             "job":{"type":"nope","payload":[],"payload_ref":"x"}}\
            """
                .getBytes(UTF_8));
    assertThat(rejected.reason()).isEqualTo(RejectReason.UNSUPPORTED_VERSION);
    assertThat(List.of(rejected.detail().split("; ")))
        .containsExactlyInAnyOrder(
            "version is \"7\", supported is \"1\"",
            "request_id is not a string",
            "tenant_id is not 1 to 256 bytes of UTF-8",
            "executor.provider_id is missing",
            "executor.channel is \"smtp\", supported is \"nats\"",
            "job.type \"nope\" is not supported",
            "job.payload is not an object",
            "job.payload_ref is not supported");
  }

  @Test
  void givesTheFirstReasonThatApplies() {
    ObjectNode json = minimal();
    put(json, "job.payload_ref", "\"x\"");
    assertThat(rejected(bytes(json)).reason()).isEqualTo(RejectReason.UNSUPPORTED_PAYLOAD_REF);
    put(json, "job.type", "\"nope\"");
    assertThat(rejected(bytes(json)).reason()).isEqualTo(RejectReason.UNSUPPORTED_JOB_TYPE);
    put(json, "executor.channel", "\"smtp\"");
    assertThat(rejected(bytes(json)).reason()).isEqualTo(RejectReason.UNSUPPORTED_CHANNEL);
    put(json, "request_id", null);
    assertThat(rejected(bytes(json)).reason()).isEqualTo(RejectReason.INVALID_ASSIGNMENT);
    put(json, "version", "\"2\"");
    assertThat(rejected(bytes(json)).reason()).isEqualTo(RejectReason.UNSUPPORTED_VERSION);
  }

  @Test
  void showsOnlyTheStartOfLongValues() {
    assertThat(rejected(with("job.type", quoted("x".repeat(65)))).detail())
        .isEqualTo("job.type \"" + "x".repeat(64) + "…\" is not supported");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "{\"trace_id\":\"c\"}|{\"trace_id\":\"m\"}|c",
        "{\"trace_id\":\"c\"}|{}|c",
        "{}|{\"trace_id\":\"m\"}|m",
        "null|{\"trace_id\":\"m\"}|m",
        "{\"trace_id\":null}|{\"trace_id\":\"m\"}|m",
        "{\"trace_id\":5}|{\"trace_id\":\"m\"}|m",
        "{\"trace_id\":5}|{\"trace_id\":[\"m\"]}|-",
        "{\"trace_id\":\"any text\"}|null|any text",
        "{}|{}|-"
      })
  void prefersTheTraceIdInCorrelation(
      String correlation, String metadata, @Nullable String traceId) {
    ObjectNode json = minimal();
    put(json, "metadata", metadata);
    put(json, "correlation", correlation);
    assertThat(valid(bytes(json)).assignment().correlation().traceId()).isEqualTo(traceId);
  }

  @Test
  void takesEachIdFromCorrelationOrMetadata() {
    ObjectNode json = minimal();
    put(json, "correlation", "{\"run_id\":\"r\",\"flow_id\":\"f\"}");
    put(json, "metadata", "{\"run_id\":\"other\",\"step_id\":\"s\",\"trace_id\":\"t\"}");
    assertThat(valid(bytes(json)).assignment().correlation())
        .isEqualTo(new Correlation("t", "r", "f", "s"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"correlation", "metadata"})
  void neverRefusesForCorrelationOfAWrongType(String field) {
    assertThat(valid(with(field, "[\"trace_id\"]")).adjustments())
        .containsExactly(field + " has a wrong type and was ignored");
  }

  @Test
  void keepsTheValidIdsOfARefusedAssignment() {
    ObjectNode json = minimal();
    put(json, "correlation", "{\"trace_id\":\"t\"}");
    put(json, "job.type", "\"nope\"");
    assertThat(rejected(bytes(json)).identity())
        .isEqualTo(
            new AssignmentIdentity(
                "a-1", "r-1", "tenant-a", "p", "nope", new Correlation("t", null, null, null)));
  }
}
