package io.beamline.worker.contract.json;

import io.beamline.worker.contract.ByteScan;
import java.nio.ByteBuffer;

/**
 * Computes how many bytes content takes in a message, without encoding it. Text becomes a JSON
 * string, whose quotes are not counted; all other content becomes base64. Pure.
 */
public final class EncodedSize {

  /** The most bytes that one byte of text becomes: a control character takes six characters. */
  public static final int LONGEST_ESCAPE = 6;

  private static final int SHORT_ESCAPE = 2;

  /** For each byte of ASCII, the number of bytes that it becomes. */
  private static final byte[] LENGTHS = lengths();

  private EncodedSize() {}

  /**
   * Returns the size of text as a JSON string, without its quotes. The sizes of a text's parts add
   * up to the size of the text.
   *
   * @param utf8 a buffer with an accessible array; its position does not move
   */
  public static long ofText(ByteBuffer utf8) {
    byte[] bytes = utf8.array();
    int to = utf8.arrayOffset() + utf8.limit();
    int from = utf8.arrayOffset() + utf8.position();
    long length = utf8.remaining();
    for (int at = ByteScan.special(bytes, from, to);
        at < to;
        at = ByteScan.special(bytes, at + 1, to)) {
      length += LENGTHS[bytes[at]] - 1;
    }
    return length;
  }

  /**
   * Returns the size of content in base64.
   *
   * @param bytes the size of the content in bytes, 0 or more
   */
  public static long ofBase64(long bytes) {
    return (bytes + 2) / 3 * 4;
  }

  private static byte[] lengths() {
    byte[] lengths = new byte[128];
    for (int b = 0; b < lengths.length; b++) {
      lengths[b] = (byte) (b < ' ' ? LONGEST_ESCAPE : 1);
    }
    for (char c : "\b\t\n\f\r\"\\".toCharArray()) {
      lengths[c] = SHORT_ESCAPE;
    }
    return lengths;
  }
}
