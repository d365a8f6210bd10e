package io.beamline.worker.block.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.ExecAssignment;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the inputs of a step become a request. */
class NatsRequestReaderTest {

  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"text \\u00e9\"' | 'text \u00e9'",
        "'{\"a\":  1.50}' | '{\"a\":  1.50}'",
        "'[1, null]' | '[1, null]'",
        "true | true",
        "null | ''",
        "'\"\"' | ''"
      })
  void sendsTextAsItIsAndJsonAsItCame(String body, String sent) throws StepFailure {
    OutgoingRequest request = read("{\"subject\": \"a.b\", \"body\": " + body + "}");
    assertThat(new String(request.body(), UTF_8)).isEqualTo(sent);
    assertThat(request.toString()).doesNotContain("text");
  }

  @Test
  void sendsAnEmptyBodyWithoutOne() throws StepFailure {
    OutgoingRequest request = read("{\"subject\": \"a.b\"}");
    assertThat(request.subject()).isEqualTo("a.b");
    assertThat(request.body()).isEmpty();
    assertThat(request.timeoutMs()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "a b",
        "a.*",
        "a.>",
        "a*b",
        "a>b",
        "*",
        ">",
        "a\\tb",
        "a\\r\\nPUB x",
        "a\\u0000",
        "a\\u00e9",
        "a\\u010d",
        "a\\u2028b",
        "a\\u007f",
        "\\ud800"
      })
  void refusesWhatIsNoPlainSubject(String subject) {
    StepFailure failure = failure("{\"subject\": \"" + subject + "\"}");
    assertThat(failure.error().code()).isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(failure.error().details()).isEqualTo(Map.of("field", "subject"));
  }

  @Test
  void requiresASubject() {
    assertThat(failure("{}").error().code()).isEqualTo(ErrorCode.MISSING_REQUIRED_FIELD);
    assertThat(failure("{\"subject\": \"" + "x".repeat(257) + "\"}").error().code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "3600001", "1.5", "\"1\"", "-1"})
  void refusesATimeoutOutOfItsRange(String timeout) {
    StepFailure failure = failure("{\"subject\": \"a\", \"timeout_ms\": " + timeout + "}");
    assertThat(failure.error().details())
        .isEqualTo(Map.of("field", "timeout_ms", "min", 1L, "max", 3_600_000L));
  }

  @Test
  void refusesTextThatIsNone() {
    StepFailure failure = failure("{\"subject\": \"a\", \"body\": \"\\ud800\"}");
    assertThat(failure.error().details()).isEqualTo(Map.of("field", "body"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a:b\": \"x\"} | INVALID_FORMAT | a:b",
        "{\"a b\": \"x\"} | INVALID_FORMAT | a b",
        "{\"\": \"x\"} | INVALID_FORMAT | ``",
        "{\"X\": \"a\\r\\nb\"} | INVALID_FORMAT | X",
        "{\"X\": \"a\\u0000\"} | INVALID_FORMAT | X",
        "{\"X\": \"\\u00e9\"} | INVALID_FORMAT | X",
        "{\"X\": 7} | INVALID_FORMAT | X",
        "{\"Nats-Msg-Id\": \"x\"} | INVALID_INPUT | Nats-Msg-Id",
        "{\"nats-anything\": \"x\"} | INVALID_INPUT | nats-anything",
        "{\"Traceparent\": \"x\"} | INVALID_INPUT | Traceparent",
        "{\"tenant_id\": \"x\"} | INVALID_INPUT | tenant_id",
        "{\"transfer-encoding\": \"chunked\"} | INVALID_INPUT | transfer-encoding"
      })
  void refusesHeadersThatCannotBeSentOrAreTheWorkers(String headers, ErrorCode code, String name) {
    StepFailure failure = failure("{\"subject\": \"a\", \"headers\": " + headers + "}");
    assertThat(failure.error().code()).isEqualTo(code);
    assertThat(failure.error().details()).isEqualTo(Map.of("field", "headers", "header", name));
  }

  @Test
  void refusesHeadersThatAreNoObject() {
    StepFailure failure = failure("{\"subject\": \"a\", \"headers\": [1]}");
    assertThat(failure.error().code()).isEqualTo(ErrorCode.INVALID_FORMAT);
    assertThat(failure.error().details()).isEqualTo(Map.of("field", "headers"));
  }

  @Test
  void addsTheWorkersHeaders() throws StepFailure {
    OutgoingRequest request =
        NatsRequestReader.read(
            call(
                "{\"subject\": \"a\", \"headers\": {\"X\": [\"1\", \"2\"], \"y\": \"z\"}}",
                "a-1",
                "tenant-1",
                3,
                PARENT));
    assertThat(request.headers().get("X")).containsExactly("1", "2");
    assertThat(request.headers().get("y")).containsExactly("z");
    assertThat(request.headers().get("Nats-Msg-Id")).containsExactly("a-1.3");
    assertThat(request.headers().get("tenant_id")).containsExactly("tenant-1");
    assertThat(request.headers().get("traceparent")).containsExactly(PARENT);
    assertThat(request.headers().keySet()).hasSize(5);
  }

  @Test
  void leavesOutWhatNoHeaderCanHold() throws StepFailure {
    for (String tenant : List.of("tenant-\u00e9", "a\nb", " ")) {
      OutgoingRequest request =
          NatsRequestReader.read(call("{\"subject\": \"a\"}", " a", tenant, 1, null));
      assertThat(request.headers().keySet()).containsExactly("Nats-Msg-Id");
      assertThat(request.headers().get("Nats-Msg-Id")).containsExactly("\t a.1");
    }
  }

  private static OutgoingRequest read(String payload) throws StepFailure {
    return NatsRequestReader.read(NatsRequestFixture.call(payload));
  }

  private static StepFailure failure(String payload) {
    return Assertions.catchThrowableOfType(StepFailure.class, () -> read(payload));
  }

  private static BlockCall call(
      String payload, String id, String tenant, int attempt, @Nullable String traceparent) {
    BlockCall call = NatsRequestFixture.call(payload);
    ExecAssignment of = call.assignment();
    return new BlockCall(
        new ExecAssignment(
            id,
            of.requestId(),
            tenant,
            of.providerId(),
            of.jobType(),
            of.payload(),
            of.options(),
            of.correlation()),
        call.payload(),
        attempt,
        traceparent,
        call.timeouts(),
        call.deadline(),
        false,
        () -> false);
  }
}
