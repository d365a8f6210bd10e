package io.beamline.worker.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Compared with Java's strict decoder. */
class Utf8CheckTest {

  /** Bytes at and beside each bound of the rules. */
  private static final int[] BOUNDS = {
    0x00, 0x22, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC,
    0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF7, 0xF8, 0xFF
  };

  @Test
  void agreesOnEveryPairOfBytes() {
    for (int pair = 0; pair < 0x10000; pair++) {
      assertAgrees((byte) (pair >> 8), (byte) pair);
    }
  }

  @Test
  void agreesOnEverySequenceOfBounds() {
    for (int first : BOUNDS) {
      for (int second : BOUNDS) {
        for (int third : BOUNDS) {
          assertAgrees((byte) first, (byte) second, (byte) third);
          for (int fourth : BOUNDS) {
            assertAgrees((byte) first, (byte) second, (byte) third, (byte) fourth);
          }
        }
      }
    }
  }

  @Test
  void acceptsEveryCharacter() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
      byte[] bytes = Character.toString(c).getBytes(UTF_8);
      if (!surrogate && !Utf8Check.isValid(bytes, 0, bytes.length)) {
        assertThat(bytes).as("U+%X", c).isEmpty();
      }
    }
  }

  @RandomCases(1_000)
  void agreesOnAnyPartOfAnyBytes(RandomValues random) {
    byte[] bytes = random.bytes(900);
    int from = random.between(0, bytes.length);
    int to = random.between(from, bytes.length);
    assertThat(Utf8Check.isValid(bytes, from, to)).isEqualTo(isDecodable(bytes, from, to));
  }

  private static void assertAgrees(byte... bytes) {
    boolean expected = isDecodable(bytes, 0, bytes.length);
    if (Utf8Check.isValid(bytes, 0, bytes.length) != expected) {
      assertThat(!expected).as(Arrays.toString(bytes)).isEqualTo(expected);
    }
  }

  private static boolean isDecodable(byte[] bytes, int from, int to) {
    try {
      CharBuffer unused = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
