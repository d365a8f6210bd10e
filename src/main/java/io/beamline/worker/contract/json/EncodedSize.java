package io.beamline.worker.contract.json;

import java.nio.ByteBuffer;

/**
 * How many bytes content takes in a message, computed without encoding it: text is a JSON string
 * between its quotes, everything else base64. Thread-safe.
 */
public final class EncodedSize {

  /**
   * The most bytes that one byte of text becomes: a control character is {@code \}{@code u0000}.
   */
  public static final int LONGEST_ESCAPE = 6;

  private static final int SHORT_ESCAPE = 2;

  /** The bytes that each byte of UTF-8 becomes. */
  private static final byte[] LENGTHS = lengths();

  private EncodedSize() {}

  /** The bytes that text in UTF-8 takes; a part of a text takes its part of them. */
  public static long ofText(ByteBuffer utf8) {
    long length = 0;
    for (int i = utf8.position(); i < utf8.limit(); i++) {
      length += LENGTHS[utf8.get(i) & 0xFF];
    }
    return length;
  }

  /**
   * The bytes that so many bytes take in base64.
   *
   * @param bytes 0 or more
   */
  public static long ofBase64(long bytes) {
    return (bytes + 2) / 3 * 4;
  }

  private static byte[] lengths() {
    byte[] lengths = new byte[256];
    for (int b = 0; b < lengths.length; b++) {
      lengths[b] = (byte) (b < ' ' ? LONGEST_ESCAPE : 1);
    }
    for (char c : "\b\t\n\f\r\"\\".toCharArray()) {
      lengths[c] = SHORT_ESCAPE;
    }
    return lengths;
  }
}
