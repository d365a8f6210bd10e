package io.beamline.worker.contract.json;

import static io.beamline.worker.contract.json.Sample.decode;
import static io.beamline.worker.contract.json.Sample.malformed;
import static io.beamline.worker.contract.json.Sample.rejected;
import static io.beamline.worker.contract.json.Sample.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.RejectReason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A message that is nested too deep is refused by an ack, so that its sender hears of it; without a
 * readable id it is a dead letter (contract section 2).
 */
class DeepMessageTest {

  private static final String TOO_DEEP = "the message is nested deeper than 64";
  private static final String DEEP = nested(64);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "job.payload.x",
        "job.more",
        "executor.more",
        "options.more",
        "options.retry.more",
        "correlation.trace",
        "metadata.x",
        "decision",
        "more"
      })
  void refusesDeepValuesInAnyPlace(String path) {
    Decoded.Rejected rejected = rejected(with(path, DEEP));

    assertThat(rejected.reason()).isEqualTo(RejectReason.INVALID_ASSIGNMENT);
    assertThat(rejected.detail()).isEqualTo(TOO_DEEP);
  }

  @Test
  void readsFieldsAfterTheDeepValue() {
    String message =
        "{\"job\":{\"payload\":{\"x\":%s},\"type\":\"echo\"},\"version\":\"1\",\"more\":%s,"
                .formatted(DEEP, DEEP)
            + "\"executor\":{\"provider_id\":\"p\"},\"tenant_id\":\"tenant-a\",\"request_id\":\"r-1\","
            + "\"correlation\":{\"trace_id\":\"t\"},\"assignment_id\":\"a-1\"}";

    assertThat(rejected(message.getBytes(UTF_8)).identity())
        .isEqualTo(
            new AssignmentIdentity(
                "a-1", "r-1", "tenant-a", "p", "echo", new Correlation("t", null, null, null)));
  }

  @Test
  void namesItAmongOtherFaults() {
    Decoded.Rejected rejected =
        rejected(
            ("{\"assignment_id\":\"a-1\",\"version\":\"2\",\"tenant_id\":\"t\",\"request_id\":\"r\","
                    + "\"executor\":{\"provider_id\":\"p\"},\"job\":{\"type\":\"nope\",\"payload\":"
                    + DEEP
                    + "}}")
                .getBytes(UTF_8));

    assertThat(rejected.reason()).isEqualTo(RejectReason.UNSUPPORTED_VERSION);
    assertThat(rejected.detail().split("; "))
        .containsExactlyInAnyOrder(
            TOO_DEEP,
            "job.payload is not an object",
            "version is \"2\", supported is \"1\"",
            "job.type \"nope\" is not supported");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\"", "5", "[\"a-1\"]", "\"é\""})
  void callsItMalformedWithoutAReadableId(String id) {
    String message = "{\"more\":%s,\"tenant_id\":\"t\",\"assignment_id\":%s}".formatted(DEEP, id);

    Decoded.Malformed malformed = malformed(message.getBytes(UTF_8));

    assertThat(malformed.fault()).isEqualTo(TOO_DEEP + " and has no valid assignment_id");
    assertThat(malformed.identity().tenantId()).isEqualTo("t");
  }

  @Test
  void findsNoIdWithinTheDeepValue() {
    String within = nested(64, "{\"assignment_id\":\"a-1\"}");

    assertThat(malformed(("{\"x\":" + within + "}").getBytes(UTF_8)).identity().assignmentId())
        .isNull();
  }

  /** Brackets and quotes in strings do not count. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"]\"",
        "\"[{\"",
        "\"\\\"]\"",
        "\"\\\\\"",
        "\"\\\\\\\"}\"",
        "\"\",\"\\u005d\"",
        "1,[],{},\"\""
      })
  void findsTheEndOfTheDeepValue(String innermost) {
    assertThat(rejected(with("more", nested(64, innermost))).detail()).isEqualTo(TOO_DEEP);
    assertThat(rejected(with("more", "[\"[[\\\"\"," + nested(63, innermost) + "]")).detail())
        .isEqualTo(TOO_DEEP);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"assignment_id\":\"a-1\",\"x\":@,\"x\":1}|the message has a duplicate key at byte ",
        "{\"assignment_id\":\"a-1\",\"x\":@,\"assignment_id\":\"a-1\"}|the message has a duplicate"
            + " key at byte ",
        "{\"assignment_id\":\"a-1\",\"x\":@} more|the message is not JSON at byte ",
        "{\"assignment_id\":\"a-1\",\"x\":@}{}|the message has something after its JSON object",
        "{\"assignment_id\":\"a-1\",\"x\":@,oops}|the message is not JSON at byte ",
        "{\"assignment_id\":\"a-1\",\"x\":@@}|the message is not JSON at byte ",
        "{\"assignment_id\":\"a-1\",\"x\":@|the message is nested deeper than 64 and is not JSON",
        "{\"assignment_id\":\"a-1\",\"x\":@]|the message is nested deeper than 64 and is not JSON",
        "{\"assignment_id\":\"a-1\",\"x\":@,\"y|the message is nested deeper than 64 and is not"
            + " JSON"
      })
  void callsItMalformedIfItAlsoHasAnotherFault(String message, String fault) {
    assertThat(malformed(message.replace("@", DEEP).getBytes(UTF_8)).fault()).startsWith(fault);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1[", "[\"\"[", "[null[", "[[]["})
  void acceptsNothingThatIsNotJson(String before) {
    String message =
        "{\"assignment_id\":\"a-1\",\"x\":" + "[".repeat(62) + before + "]]" + "]".repeat(62) + "}";

    assertThat(decode(message)).isInstanceOf(Decoded.Malformed.class);
  }

  @ParameterizedTest
  @CsvSource({"[, ], 500000", "'{\"\":', '}', 200000", "[, ], 100000"})
  void readsAnyDepthInOnePass(String open, String close, int depth) {
    byte[] body =
        ("{\"x\":" + open.repeat(depth) + "1" + close.repeat(depth) + ",\"assignment_id\":\"a-1\"}")
            .getBytes(UTF_8);
    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> assertThat(rejected(body).detail()).startsWith(TOO_DEEP));

    byte[] cut = ("{\"assignment_id\":\"a-1\",\"x\":" + open.repeat(depth)).getBytes(UTF_8);
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> assertThat(malformed(cut).fault()).isEqualTo(TOO_DEEP + " and is not JSON"));
  }

  @Test
  void readsManyDeepValuesInOnePass() {
    String many = "[" + (DEEP + ",").repeat(7_000) + "1]";
    byte[] body = with("more", many);

    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> assertThat(rejected(body).detail()).isEqualTo(TOO_DEEP));
  }

  private static String nested(int depth) {
    return nested(depth, "");
  }

  private static String nested(int depth, String innermost) {
    return "[".repeat(depth) + innermost + "]".repeat(depth);
  }
}
