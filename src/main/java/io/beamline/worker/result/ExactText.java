package io.beamline.worker.result;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Texts as bytes, exactly: also half a surrogate pair, which UTF-8 does not have. A character takes
 * one byte in a text without one above 0xFF, else two. Before them is the number of characters,
 * doubled, and odd if each takes two bytes. Pure.
 */
final class ExactText {

  private static final int ABSENT = -1;
  private static final int LAST_NARROW = 0xFF;

  private ExactText() {}

  /** Returns how many bytes a text takes; null takes some too. */
  static int size(@Nullable String text) {
    if (text == null) {
      return Integer.BYTES;
    }
    int bytes = isNarrow(text) ? text.length() : Math.multiplyExact(2, text.length());
    return Math.addExact(Integer.BYTES, bytes);
  }

  /** Writes a text, or null, into a buffer with an array. */
  @SuppressWarnings("deprecation") // takes the low byte of each character
  static void write(@Nullable String text, ByteBuffer target) {
    if (text == null) {
      target.putInt(ABSENT);
    } else if (isNarrow(text)) {
      target.putInt(2 * text.length());
      int at = target.position();
      text.getBytes(0, text.length(), target.array(), target.arrayOffset() + at);
      target.position(at + text.length());
    } else {
      target.putInt(2 * text.length() + 1);
      for (int i = 0; i < text.length(); i++) {
        target.putChar(text.charAt(i));
      }
    }
  }

  /** Reads a text, or null. */
  static @Nullable String read(ByteBuffer source) {
    int head = source.getInt();
    if (head == ABSENT) {
      return null;
    }
    char[] characters = new char[head >>> 1];
    for (int i = 0; i < characters.length; i++) {
      characters[i] = isWide(head) ? source.getChar() : (char) (source.get() & LAST_NARROW);
    }
    return new String(characters);
  }

  /** Returns whether the text at an index of a buffer is this one. */
  static boolean isAt(ByteBuffer source, int index, String text) {
    int head = source.getInt(index);
    if (head == ABSENT || head >>> 1 != text.length()) {
      return false;
    }
    int at = index + Integer.BYTES;
    for (int i = 0; i < text.length(); i++) {
      char c =
          isWide(head) ? source.getChar(at + 2 * i) : (char) (source.get(at + i) & LAST_NARROW);
      if (c != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWide(int head) {
    return (head & 1) == 1;
  }

  private static boolean isNarrow(String text) {
    int all = 0;
    for (int i = 0; i < text.length(); i++) {
      all |= text.charAt(i);
    }
    return all <= LAST_NARROW;
  }
}
