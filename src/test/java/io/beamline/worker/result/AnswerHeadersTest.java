package io.beamline.worker.result;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.DeadLetter.Reason;
import io.nats.client.impl.Headers;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that the Router and the client can take. */
class AnswerHeadersTest {

  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Test
  void hasWhatTheContractWants() {
    Headers headers = answer("tenant-a", "trace-1", PARENT, false);
    assertThat(headers.keySet())
        .containsExactlyInAnyOrder(
            "Nats-Msg-Id", "version", "cp_phase", "trace_id", "tenant_id", "traceparent");
    assertThat(headers.getFirst("Nats-Msg-Id")).isEqualTo("a-1.ack");
    assertThat(headers.getFirst("version")).isEqualTo("1");
    assertThat(headers.getFirst("cp_phase")).isEqualTo("cp1");
    assertThat(headers.getFirst("traceparent")).isEqualTo(PARENT);
    assertThat(answer("t", null, null, true).getFirst("cp_phase")).isEqualTo("cp2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\rb",
        "a\nb",
        "a\r\nX-Evil: 1",
        "a\u0000b",
        "a\tb",
        "tenant-\u00e9",
        "\ud83d\ude00",
        "a\u007fb",
        "",
        " ",
        "   "
      })
  void leavesOutWhatNoHeaderCanHold(String value) {
    Headers headers = answer(value, value, null, false);
    assertThat(headers.keySet()).containsExactlyInAnyOrder("Nats-Msg-Id", "version", "cp_phase");
  }

  @Test
  void leavesOutWhatIsNotKnown() {
    assertThat(answer(null, null, null, false).keySet())
        .containsExactlyInAnyOrder("Nats-Msg-Id", "version", "cp_phase");
  }

  @Test
  void leavesOutWhatIsTooLong() {
    assertThat(answer("t", "x".repeat(257), "y".repeat(257), false).keySet())
        .doesNotContain("trace_id", "traceparent");
    assertThat(answer("t", "x".repeat(256), null, false).keySet()).contains("trace_id");
  }

  @Test
  void aDeadLetterNamesItsReasonAndTheOriginal() {
    Headers original = new Headers();
    original.put("Nats-Msg-Id", "m-1");
    Headers headers =
        SentHeaders.of(
            AnswerHeaders.deadLetter(
                AssignmentIdentity.UNKNOWN,
                new Delivery("s", new byte[0], original, null, 1),
                Reason.MALFORMED));
    assertThat(headers.keySet())
        .containsExactlyInAnyOrder("version", "x-dlq-reason", "x-original-msg-id");
    assertThat(headers.getFirst("x-original-msg-id")).isEqualTo("m-1");
  }

  /** The server leaves out blanks that a value begins with. */
  @Test
  void keepsIdsApartThatDifferInLeadingBlanks() {
    assertThat(Stream.of("a", " a", "  a", "a ", " ", "  ").map(AnswerHeadersTest::messageId))
        .containsExactly("a.ack", "\t a.ack", "\t  a.ack", "a .ack", "\t .ack", "\t  .ack");
  }

  @Test
  void countsTheBytesThatTheServerCounts() {
    HeaderLines headers = new HeaderLines();
    assertThat(headers.serializedLength()).isEqualTo(headers.toHeaders().serializedLength());
    headers.add("Nats-Msg-Id", "\t a.ack").add("version", "1");
    assertThat(headers.serializedLength())
        .isEqualTo(headers.toHeaders().getSerialized().length)
        .isEqualTo("NATS/1.0\r\nNats-Msg-Id:\t a.ack\r\nversion:1\r\n\r\n".length());
  }

  @Test
  void areWrittenAsTheyWereAdded() {
    HeaderLines lines = new HeaderLines();
    Headers wanted = new Headers();
    for (int i = 0; i < 40; i++) {
      lines.add("name-" + i, "v".repeat(i));
      wanted.put("name-" + i, "v".repeat(i));
    }
    assertThat(SentHeaders.of(lines)).isEqualTo(wanted);
    byte[] target = new byte[lines.serializedLength() + 2];
    int written = lines.toHeaders().serializeToArray(1, target);
    assertThat(written).isEqualTo(lines.serializedLength());
    assertThat(Arrays.copyOfRange(target, 1, target.length - 1))
        .isEqualTo(lines.toHeaders().getSerialized());
    assertThat(target[0]).isZero();
    assertThat(target[target.length - 1]).isZero();
    assertThat(new HeaderLines().toHeaders().isEmpty()).isTrue();
    assertThat(lines.toHeaders().isEmpty()).isFalse();
  }

  private static @Nullable String messageId(String assignmentId) {
    AssignmentIdentity identity =
        new AssignmentIdentity(
            assignmentId, "r", "t", "p", "echo", new Correlation(null, null, null, null));
    Delivery delivery = new Delivery("s", new byte[0], new Headers(), null, 1);
    byte[] sent =
        AnswerHeaders.answer(identity, delivery, ".ack", false).toHeaders().getSerialized();
    String id = "Nats-Msg-Id:";
    return new String(sent, US_ASCII)
        .lines()
        .filter(line -> line.startsWith(id))
        .map(line -> line.substring(id.length()))
        .findFirst()
        .orElse(null);
  }

  private static Headers answer(
      @Nullable String tenant, @Nullable String trace, @Nullable String parent, boolean cp2) {
    Headers incoming = new Headers();
    if (parent != null) {
      incoming.put("traceparent", parent);
    }
    return SentHeaders.of(
        AnswerHeaders.answer(
            new AssignmentIdentity(
                "a-1", "r", tenant, "p", "echo", new Correlation(trace, null, null, null)),
            new Delivery("s", new byte[0], incoming, null, 1),
            ".ack",
            cp2));
  }
}
