package io.beamline.worker.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Compared with a look at each byte. */
class ByteScanTest {

  private static final int WORD = 8;
  private static final int[] LENGTHS = {65, 71, 72, 255, 256, 257, 320, 321, 327, 575, 576, 640};

  /** Every byte value at every place of a word, beside bytes that a borrow could confuse. */
  @Test
  void tellsEveryByteFromItsNeighbours() {
    for (int value = 0; value < 256; value++) {
      for (int neighbour = 0; neighbour < 256; neighbour++) {
        byte[] bytes = new byte[WORD];
        Arrays.fill(bytes, (byte) neighbour);
        bytes[(value + neighbour) % WORD] = (byte) value;
        assertAgrees(bytes, 0, WORD);
      }
    }
  }

  /** At every place of texts that end at every place of a word. */
  @Test
  void tellsAPlainTextFromOneWithOneOtherByte() {
    for (int length = 0; length <= 5 * WORD; length++) {
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, (byte) '~');
      assertThat(ByteScan.isPlain(bytes)).as("%d bytes", length).isTrue();
      for (int at = 0; at < length; at++) {
        for (int value = 0; value < 128; value++) {
          bytes[at] = (byte) value;
          boolean plain = !isSpecial((byte) value) && value != '?';
          if (ByteScan.isPlain(bytes) != plain) {
            fail("%d at %d of %d counts as plain: %s", value, at, length, !plain);
          }
        }
        bytes[at] = '~';
      }
    }
  }

  @Test
  void findsAByteWhereverItIs() {
    for (int offset = 0; offset < WORD; offset++) {
      for (int length = 0; length <= 64; length++) {
        assertFindsAt(offset, length);
      }
      for (int length : LENGTHS) {
        assertFindsAt(offset, length);
      }
    }
  }

  private static void assertFindsAt(int offset, int length) {
    byte[] bytes = new byte[offset + length + WORD];
    // What lies outside of the part must not count.
    Arrays.fill(bytes, (byte) '"');
    Arrays.fill(bytes, offset, offset + length, (byte) 'x');
    assertAgrees(bytes, offset, offset + length);
    Arrays.fill(bytes, 0, offset, (byte) 0xFF);
    Arrays.fill(bytes, offset + length, bytes.length, (byte) 0xFF);
    assertAgrees(bytes, offset, offset + length);
    for (int at = offset; at < offset + length; at++) {
      for (int special : new int[] {'"', '\\', '\n', 0, 0x1F, 0xC3}) {
        bytes[at] = (byte) special;
        assertAgrees(bytes, offset, offset + length);
        bytes[at] = 'x';
      }
    }
  }

  @RandomCases(500)
  void agreesOnAnyBytes(RandomValues random) {
    byte[] bytes = random.bytes(900);
    int from = random.between(0, bytes.length);
    assertAgrees(bytes, from, random.between(from, bytes.length));
  }

  private static void assertAgrees(byte[] bytes, int from, int to) {
    int special = from;
    while (special < to && !isSpecial(bytes[special])) {
      special++;
    }
    int notAscii = from;
    while (notAscii < to && bytes[notAscii] >= 0) {
      notAscii++;
    }
    if (ByteScan.special(bytes, from, to) != special
        || ByteScan.notAscii(bytes, from, to) != notAscii) {
      assertThat(new int[] {ByteScan.special(bytes, from, to), ByteScan.notAscii(bytes, from, to)})
          .as("from %d to %d of %s", from, to, Arrays.toString(bytes))
          .containsExactly(special, notAscii);
    }
  }

  private static boolean isSpecial(byte value) {
    int b = value & 0xFF;
    return b < 0x20 || b == 0x22 || b == 0x5C;
  }
}
