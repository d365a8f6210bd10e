package io.beamline.worker.contract.json;

import io.beamline.worker.contract.ByteScan;
import io.beamline.worker.contract.Utf8Text;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the inside of a JSON string as UTF-8. What has no escape is copied as a whole. Used by one
 * thread, once.
 */
final class JsonUnescape {

  private static final int HEX_DIGITS = 4;
  private static final int HEX = 16;

  private final byte[] source;
  private final int to;

  /** Each escape is longer than what it stands for. */
  private final byte[] target;

  private int from;
  private int size;

  private JsonUnescape(ByteBuffer inside) {
    source = inside.array();
    from = inside.arrayOffset() + inside.position();
    to = inside.arrayOffset() + inside.limit();
    target = new byte[to - from];
  }

  /**
   * Returns the text, or null if it has an unpaired surrogate ({@link Utf8Text#of(String)}).
   *
   * @param inside what is between the quotes of a well-formed JSON string
   */
  static @Nullable Utf8Text of(Utf8Text inside) {
    JsonUnescape reader = new JsonUnescape(inside.bytes());
    return reader.read() ? new Utf8Text(reader.target, 0, reader.size) : null;
  }

  private boolean read() {
    while (true) {
      int end = ByteScan.special(source, from, to);
      System.arraycopy(source, from, target, size, end - from);
      size += end - from;
      if (end == to) {
        return true;
      }
      from = end + 2;
      if (!readEscape(source[end + 1])) {
        return false;
      }
    }
  }

  /** Reads what follows a backslash and its letter. Returns false for an unpaired surrogate. */
  private boolean readEscape(byte letter) {
    switch (letter) {
      case 'b' -> put('\b');
      case 't' -> put('\t');
      case 'n' -> put('\n');
      case 'f' -> put('\f');
      case 'r' -> put('\r');
      case 'u' -> {
        return readUnit(nextUnit());
      }
      default -> put(letter);
    }
    return true;
  }

  private boolean readUnit(char unit) {
    if (!Character.isSurrogate(unit)) {
      putCharacter(unit);
      return true;
    }
    boolean escapeFollows = to - from >= 2 && source[from] == '\\' && source[from + 1] == 'u';
    if (Character.isLowSurrogate(unit) || !escapeFollows) {
      return false;
    }
    from += 2;
    char low = nextUnit();
    if (!Character.isLowSurrogate(low)) {
      return false;
    }
    putCharacter(Character.toCodePoint(unit, low));
    return true;
  }

  private char nextUnit() {
    int unit = 0;
    for (int i = 0; i < HEX_DIGITS; i++) {
      unit = unit * HEX + Character.digit(source[from + i], HEX);
    }
    from += HEX_DIGITS;
    return (char) unit;
  }

  private void putCharacter(int character) {
    if (character < 0x80) {
      put(character);
    } else if (character < 0x800) {
      put(0xC0 | character >> 6);
      putRest(character);
    } else if (character < 0x10000) {
      put(0xE0 | character >> 12);
      putRest(character >> 6);
      putRest(character);
    } else {
      put(0xF0 | character >> 18);
      putRest(character >> 12);
      putRest(character >> 6);
      putRest(character);
    }
  }

  private void putRest(int bits) {
    put(0x80 | (bits & 0x3F));
  }

  private void put(int value) {
    target[size++] = (byte) value;
  }
}
