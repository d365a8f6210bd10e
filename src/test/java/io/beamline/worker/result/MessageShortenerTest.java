package io.beamline.worker.result;

import static io.beamline.worker.result.ResultFixture.identity;
import static io.beamline.worker.result.ResultFixture.success;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.config.NatsDeliveryProperties.Subjects;
import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.DeadLetter;
import io.beamline.worker.contract.ExecAssignmentAck;
import io.beamline.worker.contract.ExecAssignmentAck.AckStatus;
import io.beamline.worker.support.RouterOracle;
import io.beamline.worker.support.WireMessage;
import io.nats.client.impl.Headers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages under the server's limit, whatever is in them. */
class MessageShortenerTest {

  private static final Subjects SUBJECTS = ConnectionFixture.settings().subjects();
  private static final String LONG = "long ".repeat(50_000);

  @ParameterizedTest
  @ValueSource(ints = {16 * 1024, 64 * 1024, 1024 * 1024})
  void aResultThatIsTooLargeBecomesQuotaExceeded(int maxPayload) {
    WireMessage sent =
        wire(
            writer(maxPayload)
                .result(
                    success(identity("a"), Map.of("text", "x".repeat(maxPayload))),
                    ResultFixture.delivery((Lease) null),
                    false)
                .message());

    assertThat(sent.text("status")).isEqualTo("error");
    assertThat(sent.text("error_code")).isEqualTo("QUOTA_EXCEEDED");
    assertThat(size(sent)).isLessThanOrEqualTo(maxPayload);
    assertGood(sent);
  }

  @Test
  void aResultThatJustFitsStaysAsItIs() {
    int maxPayload = 16 * 1024;
    WireMessage sent =
        wire(
            writer(maxPayload)
                .result(
                    success(identity("a"), Map.of("text", "x".repeat(maxPayload - 3_000))),
                    ResultFixture.delivery((Lease) null),
                    false)
                .message());
    assertThat(sent.text("status")).isEqualTo("success");
    assertThat(size(sent)).isLessThanOrEqualTo(maxPayload);
    assertGood(sent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\u00e9", "\ud83d\ude00", "a\ud83d\ude00", "\u0001", "\""})
  void longTextsAreCutWhereTheMessageWouldNotFit(String unit) {
    String text = unit.repeat(200_000);
    AssignmentIdentity lengthy = identity("a", text, new Correlation(text, text, text, text));
    AnswerWriter writer = writer(32 * 1024);
    Delivery delivery = ResultFixture.delivery((Lease) null);

    WireMessage result = wire(writer.result(success(lengthy), delivery, false).message());
    WireMessage ack =
        wire(
            writer.ack(
                new ExecAssignmentAck(
                    lengthy,
                    AckStatus.REJECTED,
                    "invalid_assignment",
                    text,
                    null,
                    "w-1",
                    1_800_000_000_000L),
                delivery,
                false));
    WireMessage letter =
        wire(
            writer.deadLetter(
                new DeadLetter(
                    ResultFixture.failure(lengthy),
                    DeadLetter.Reason.FAILED,
                    "caf.exec.assign.v1",
                    text.getBytes(UTF_8)),
                delivery));

    for (WireMessage message : List.of(result, ack, letter)) {
      assertThat(size(message)).isLessThanOrEqualTo(32 * 1024);
      assertThat(message.body()).asString(UTF_8).doesNotContain("\\uD83D", "\\uDE00");
      assertGood(message);
    }
  }

  @Test
  void longTextsStayWhereTheyFit() {
    WireMessage sent =
        wire(
            writer(1024 * 1024)
                .result(
                    success(identity("a", LONG, Correlation.NONE)),
                    ResultFixture.delivery((Lease) null),
                    false)
                .message());
    assertThat(sent.text("provider_id")).isEqualTo(LONG);
  }

  private static AnswerWriter writer(long maxPayload) {
    return new AnswerWriter(SUBJECTS, subject -> maxPayload);
  }

  private static WireMessage wire(OutgoingMessage message) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    SentHeaders.of(message.headers()).forEach(headers::put);
    return new WireMessage(message.subject(), headers, message.body());
  }

  private static int size(WireMessage message) {
    Headers headers = new Headers();
    message.headers().forEach((name, values) -> headers.add(name, values));
    return headers.serializedLength() + message.body().length;
  }

  private static void assertGood(WireMessage message) {
    assertThat(new RouterOracle(io.beamline.worker.support.Subjects.STANDARD).judge(message))
        .isEmpty();
  }
}
