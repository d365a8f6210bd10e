package io.beamline.worker.contract.json;

import io.beamline.worker.contract.ByteScan;
import io.beamline.worker.contract.Utf8Text;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Writes text as the inside of a JSON string, as {@link EncodedSize#ofText} counts it. What needs
 * no escape is copied as a whole. Pure.
 */
final class JsonEscape {

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private JsonEscape() {}

  /**
   * Writes a text and returns the index after it.
   *
   * @param target has room for the text from the index {@code at}
   */
  static int write(Utf8Text text, byte[] target, int at) {
    ByteBuffer bytes = text.bytes();
    byte[] source = bytes.array();
    int from = bytes.arrayOffset();
    int to = from + bytes.remaining();
    int end = at;
    while (true) {
      int special = ByteScan.special(source, from, to);
      System.arraycopy(source, from, target, end, special - from);
      end += special - from;
      if (special == to) {
        return end;
      }
      end = escape(source[special], target, end);
      from = special + 1;
    }
  }

  private static int escape(byte special, byte[] target, int at) {
    target[at] = '\\';
    byte letter = shortForm(special);
    target[at + 1] = letter;
    if (letter != 'u') {
      return at + 2;
    }
    target[at + 2] = '0';
    target[at + 3] = '0';
    target[at + 4] = (byte) HEX.toHighHexDigit(special);
    target[at + 5] = (byte) HEX.toLowHexDigit(special);
    return at + EncodedSize.LONGEST_ESCAPE;
  }

  /** Returns what follows the backslash; {@code u} if the character has no short form. */
  private static byte shortForm(byte special) {
    return (byte)
        switch (special) {
          case '"', '\\' -> special;
          case '\b' -> 'b';
          case '\t' -> 't';
          case '\n' -> 'n';
          case '\f' -> 'f';
          case '\r' -> 'r';
          default -> 'u';
        };
  }
}
