package io.beamline.worker.contract;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the bytes that matter in an array, eight at a time. A word of eight bytes is compared with
 * arithmetic on a long, whose lowest byte comes first. Pure.
 */
public final class ByteScan {

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int WORD = Long.BYTES;

  /** So much is looked at word by word, because the next match is often near. */
  private static final int NEAR = 8 * WORD;

  /** After that, so much at once. The compiler makes vector instructions of such a block. */
  private static final int BLOCK = 32 * WORD;

  /** The highest bit of each byte of a word. */
  private static final long HIGH = 0x8080808080808080L;

  private static final long ONES = 0x0101010101010101L;
  private static final long TWOS = 2 * ONES;
  private static final long BEFORE_QUOTE = 0x21 * ONES;
  private static final long BACKSLASHES = '\\' * ONES;
  private static final long QUESTION_MARKS = '?' * ONES;

  private ByteScan() {}

  /**
   * Returns the index of the first byte that ends a run of plain characters in a JSON string: a
   * quote, a backslash or a control character. Returns {@code to} if there is none.
   *
   * @param from the index of the first byte, 0 or more
   * @param to the index after the last byte, at most the length of the array
   */
  public static int special(byte[] array, int from, int to) {
    int at = from;
    int near = Math.min(to, from + NEAR) - WORD;
    for (; at <= near; at += WORD) {
      long found = specials(word(array, at));
      if (found != 0) {
        return at + first(found);
      }
    }
    while (at <= to - BLOCK && !hasSpecial(array, at)) {
      at += BLOCK;
    }
    for (; at <= to - WORD; at += WORD) {
      long found = specials(word(array, at));
      if (found != 0) {
        return at + first(found);
      }
    }
    while (at < to && !isSpecial(array[at])) {
      at++;
    }
    return at;
  }

  /**
   * Returns whether no byte is a quote, a backslash, a control character or a question mark. The
   * rest is looked at byte by byte: Java 25 may compile a read of the last word, which begins
   * before the start of a short array, so that it runs before the length is compared.
   */
  public static boolean isPlain(byte[] array) {
    long found = 0;
    int at = 0;
    for (; at <= array.length - WORD; at += WORD) {
      found |= specialsOrQuestionMarks(word(array, at));
    }
    for (; at < array.length; at++) {
      if (isSpecial(array[at]) || array[at] == '?') {
        return false;
      }
    }
    return found == 0;
  }

  /**
   * Returns the index of the first byte that is not ASCII, or {@code to} if there is none.
   *
   * @param from the index of the first byte, 0 or more
   * @param to the index after the last byte, at most the length of the array
   */
  static int notAscii(byte[] array, int from, int to) {
    int at = from;
    while (at <= to - BLOCK && !hasHighBit(array, at)) {
      at += BLOCK;
    }
    for (; at <= to - WORD; at += WORD) {
      long found = word(array, at) & HIGH;
      if (found != 0) {
        return at + first(found);
      }
    }
    while (at < to && array[at] >= 0) {
      at++;
    }
    return at;
  }

  /**
   * Returns how many bytes are one of two characters of ASCII, which must differ from each other.
   */
  public static long count(byte[] array, char one, char other) {
    long ones = one * ONES;
    long others = other * ONES;
    long found = 0;
    int at = 0;
    for (; at <= array.length - WORD; at += WORD) {
      long word = word(array, at);
      found += zeroBytes(word ^ ones) + zeroBytes(word ^ others);
    }
    for (; at < array.length; at++) {
      if (array[at] == one || array[at] == other) {
        found++;
      }
    }
    return found;
  }

  /** The sum sets the high bit of each byte whose low seven bits are not all zero. */
  private static int zeroBytes(long word) {
    return Long.bitCount(~(((word & ~HIGH) + ~HIGH) | word | ~HIGH));
  }

  private static boolean hasSpecial(byte[] array, int from) {
    long found = 0;
    for (int i = 0; i < BLOCK; i += WORD) {
      found |= specials(word(array, from + i));
    }
    return found != 0;
  }

  private static boolean hasHighBit(byte[] array, int from) {
    long bits = 0;
    for (int i = 0; i < BLOCK; i += WORD) {
      bits |= word(array, from + i);
    }
    return (bits & HIGH) != 0;
  }

  /**
   * Returns a word whose highest bit of a byte is set where there is a special byte. Above the
   * lowest such bit others may be set too, because a subtraction borrows from the next byte.
   *
   * <p>An exclusive or with 2 makes 0x20 of the quote, 0x22 of the space and 0x23 of the byte
   * between them. So the quote and the control characters become the bytes below 0x21.
   */
  private static long specials(long word) {
    long controlOrQuote = (word ^ TWOS) - BEFORE_QUOTE;
    long backslash = (word ^ BACKSLASHES) - ONES;
    return (controlOrQuote | backslash) & ~word & HIGH;
  }

  private static long specialsOrQuestionMarks(long word) {
    return specials(word) | (((word ^ QUESTION_MARKS) - ONES) & ~word & HIGH);
  }

  private static boolean isSpecial(byte b) {
    return b == '"' || b == '\\' || (b >= 0 && b < ' ');
  }

  private static int first(long found) {
    return Long.numberOfTrailingZeros(found) / Byte.SIZE;
  }

  private static long word(byte[] array, int at) {
    return (long) WORDS.get(array, at);
  }
}
