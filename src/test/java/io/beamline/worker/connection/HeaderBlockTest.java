package io.beamline.worker.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.PoisonedHeaders;
import io.nats.client.impl.Headers;
import io.nats.client.support.IncomingHeadersProcessor;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks with the client's own parser which headers are kept. */
class HeaderBlockTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NATS/1.0\r\nA: b\r\n\r\n",
        "NATS/1.0\r\nA:\r\nB:  \r\nC:d:e\r\n\r\n",
        "NATS/1.0\r\n\r\n",
        "NATS/1.0\r\nX: \0\t~\r\n\r\n"
      })
  void leavesReadableBlocksAlone(String block) {
    byte[] bytes = block.getBytes(ISO_8859_1);

    assertThat(HeaderBlock.isReadable(bytes, 0, bytes.length, false)).isTrue();
    assertThat(new IncomingHeadersProcessor(bytes).getSerializedLength()).isEqualTo(bytes.length);
  }

  @ParameterizedTest
  @MethodSource("poisoned")
  void keepsTheReadableLines(String fault, byte[] block) {
    byte[] kept = HeaderBlock.readablePart(block, 0, block.length);

    assertThat(kept.length).isLessThanOrEqualTo(block.length);
    Headers headers = new IncomingHeadersProcessor(kept).getHeaders();
    assertThat(headers.get("X-Good")).as(fault).isEqualTo(List.of("yes"));
  }

  @ParameterizedTest
  @MethodSource("hopeless")
  void keepsNothingOfWhatIsNoHeaders(String fault, byte[] block) {
    assertThat(HeaderBlock.isReadable(block, 0, block.length, false)).as(fault).isFalse();
    assertThat(HeaderBlock.readablePart(block, 0, block.length)).as(fault).isEmpty();
  }

  @Test
  void keepsAStatusWhereTheServerAnswers() {
    byte[] status = "NATS/1.0 503\r\n\r\n".getBytes(ISO_8859_1);

    assertThat(HeaderBlock.isReadable(status, 0, status.length, true)).isTrue();
    assertThat(HeaderBlock.isReadable(status, 0, status.length, false)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void neverLetsTheClientFail(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      byte[] block = randomBlock(random);
      byte[] given =
          HeaderBlock.isReadable(block, 0, block.length, false)
              ? block
              : HeaderBlock.readablePart(block, 0, block.length);
      assertThat(given.length).isLessThanOrEqualTo(block.length);
      if (given.length > 0) {
        assertThat(new IncomingHeadersProcessor(given).getStatus())
            .as("seed %d, block %s", seed, new String(block, ISO_8859_1))
            .isNull();
      }
    }
  }

  /** Mostly headers, with a few bytes that are likely to do harm. */
  private static byte[] randomBlock(Random random) {
    String pieces = "\r\n :\0\u0080\u00ffaZN-";
    StringBuilder block = new StringBuilder(random.nextInt(10) == 0 ? "" : "NATS/1.0");
    block.append(random.nextInt(5) == 0 ? " 503" : "").append("\r\n");
    int lines = random.nextInt(4);
    for (int i = 0; i < lines; i++) {
      block.append(random.nextBoolean() ? "Nats-Sequence: 1\r\n" : "a: b\r\n");
    }
    block.append("\r\n");
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(block.length() + 1);
      char piece = pieces.charAt(random.nextInt(pieces.length()));
      if (random.nextBoolean() || at == block.length()) {
        block.insert(at, piece);
      } else {
        block.setCharAt(at, piece);
      }
    }
    return block.toString().getBytes(ISO_8859_1);
  }

  static Stream<Arguments> poisoned() {
    return PoisonedHeaders.all().entrySet().stream()
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  static Stream<Arguments> hopeless() {
    return PoisonedHeaders.hopeless().entrySet().stream()
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }
}
