package io.beamline.worker.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks which bytes the client receives, in whatever pieces they arrive. */
class InboundFramesTest {

  private static final String INFO = "INFO {\"server_id\":\"x\"}\r\n";
  private static final String GOOD = "NATS/1.0\r\nA: b\r\n\r\n";
  private static final String BAD = "NATS/1.0\r\nA: \u00fc\r\nC: d\r\n\r\n";
  private static final String KEPT = "NATS/1.0\r\nC: d\r\n\r\n";
  private static final String STATUS = "NATS/1.0 404 No Messages\r\n\r\n";

  private final AtomicInteger leftOut = new AtomicInteger();

  @Test
  void passesReadableMessagesUnchanged() {
    String stream =
        INFO
            + "PING\r\n"
            + "MSG subject 1 3\r\nabc\r\n"
            + "MSG \tsubject  1\treply 3 \r\nabc\r\n"
            + "MSG subject 1 reply 0\r\n\r\n"
            + hmsg("subject", "reply", GOOD, "HMSG x 1 1 1\r\n")
            + hmsg("_INBOX.a", null, STATUS, "")
            + "+OK\r\n-ERR 'x'\r\nPONG\r\n";

    assertThat(read(stream, new Random(1))).isEqualTo(stream);
    assertThat(leftOut).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void repairsHeadersHoweverTheBytesArrive(long seed) {
    Random random = new Random(seed);
    StringBuilder sent = new StringBuilder(INFO);
    StringBuilder wanted = new StringBuilder(INFO);
    int repaired = 0;
    for (int i = 0; i < 300; i++) {
      String payload = "p\r\n".repeat(random.nextInt(random.nextInt(20) == 0 ? 60_000 : 20));
      String reply = random.nextBoolean() ? "$JS.ACK.s.c.1." + i : null;
      switch (random.nextInt(5)) {
        case 0 -> both(sent, wanted, msg("subject", reply, payload));
        case 1 -> both(sent, wanted, hmsg("subject", reply, GOOD, payload));
        case 2 -> {
          sent.append(hmsg("subject", reply, BAD, payload));
          wanted.append(hmsg("subject", reply, KEPT, payload));
          repaired++;
        }
        case 3 -> {
          sent.append(hmsg("_INBOX.a.1", "$JS.ACK.s.c.1." + i, STATUS, payload));
          wanted.append(msg("_INBOX.a.1", "$JS.ACK.s.c.1." + i, payload));
          repaired++;
        }
        default -> {
          sent.append(hmsg("subject", reply, "x", payload));
          wanted.append(msg("subject", reply, payload));
          repaired++;
        }
      }
    }

    assertThat(read(sent.toString(), random)).isEqualTo(wanted.toString());
    assertThat(leftOut).hasValue(repaired);
  }

  @Test
  void repairsHeadersThatAreLargerThanAnyBuffer() {
    String large = "NATS/1.0\r\nA: " + "\u00fc".repeat(300_000) + "\r\nC: d\r\n\r\n";

    assertThat(read(hmsg("s", null, large, "abc") + "PING\r\n", new Random(1)))
        .isEqualTo(hmsg("s", null, KEPT, "abc") + "PING\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HMSG s 1 9 x\r\n",
        "MSG s\r\n",
        "HMSG s 1 5 3\r\n",
        "HMSG s 1 -1 3\r\n",
        "MSG s 1 a b 3\r\n",
        "HMSG s 1 a b 1 3\r\n",
        "MSG s 1 99999999999\r\n",
        "MSG s 1 3x\r\n"
      })
  void passesUnknownLinesUnchanged(String line) {
    assertThat(read(line + "anything", new Random(1))).isEqualTo(line + "anything");
  }

  private static void both(StringBuilder one, StringBuilder other, String text) {
    one.append(text);
    other.append(text);
  }

  private static String msg(String subject, @Nullable String reply, String payload) {
    return "MSG %s 1%s %d\r\n%s\r\n".formatted(subject, word(reply), payload.length(), payload);
  }

  private static String hmsg(
      String subject, @Nullable String reply, String headers, String payload) {
    return "HMSG %s 1%s %d %d\r\n%s%s\r\n"
        .formatted(
            subject,
            word(reply),
            headers.length(),
            headers.length() + payload.length(),
            headers,
            payload);
  }

  private static String word(@Nullable String reply) {
    return reply == null ? "" : " " + reply;
  }

  private String read(String sent, Random random) {
    byte[] bytes = sent.getBytes(ISO_8859_1);
    int[] at = {0};
    InboundFrames frames =
        new InboundFrames(
            (target, offset, length) -> {
              int count = Math.min(Math.min(length, 1 + random.nextInt(90)), bytes.length - at[0]);
              System.arraycopy(bytes, at[0], target, offset, count);
              at[0] += count;
              return count == 0 ? -1 : count;
            },
            "_INBOX.",
            leftOut::incrementAndGet);
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    byte[] target = new byte[200];
    try {
      for (int n = frames.read(target, 3, 100); n >= 0; n = frames.read(target, 3, 100)) {
        assertThat(n).isPositive();
        received.write(target, 3, n);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return received.toString(ISO_8859_1);
  }
}
