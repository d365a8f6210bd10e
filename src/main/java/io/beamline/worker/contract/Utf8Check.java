package io.beamline.worker.contract;

/**
 * Checks whether bytes are valid UTF-8, by the same rules as Java's decoder: no byte is missing or
 * stray, no character takes more bytes than it needs, none is half of a surrogate pair or above
 * U+10FFFF. Pure.
 */
public final class Utf8Check {

  private Utf8Check() {}

  /**
   * Returns whether a part of an array is valid.
   *
   * @param from the index of the first byte, 0 or more
   * @param to the index after the last byte, at most the length of the array
   */
  public static boolean isValid(byte[] array, int from, int to) {
    int at = ByteScan.notAscii(array, from, to);
    while (at < to) {
      int length = lengthAt(array, at, to);
      if (length == 0) {
        return false;
      }
      at += length;
      if (at < to && array[at] >= 0) {
        at = ByteScan.notAscii(array, at, to);
      }
    }
    return true;
  }

  /** Returns the length of the character that begins with a byte above ASCII; 0 if it is none. */
  private static int lengthAt(byte[] array, int at, int to) {
    int first = array[at] & 0xFF;
    int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (first < 0xC2 || first > 0xF4 || length > to - at || !isSecond(first, array[at + 1])) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if (!isContinuation(array[at + i])) {
        return 0;
      }
    }
    return length;
  }

  /** The second byte tells needless bytes, surrogates and what is above the last character. */
  private static boolean isSecond(int first, byte second) {
    int value = second & 0xFF;
    return switch (first) {
      case 0xE0 -> value >= 0xA0 && value <= 0xBF;
      case 0xED -> value >= 0x80 && value <= 0x9F;
      case 0xF0 -> value >= 0x90 && value <= 0xBF;
      case 0xF4 -> value >= 0x80 && value <= 0x8F;
      default -> isContinuation(second);
    };
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }
}
