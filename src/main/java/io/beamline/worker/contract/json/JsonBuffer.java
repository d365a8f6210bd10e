package io.beamline.worker.contract.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.contract.ByteScan;
import io.beamline.worker.contract.Utf8Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Collects the bytes of a JSON object. A large part is only noted, and is written when the size of
 * the whole is known: so it is copied once, into an array of the right size. Used by one thread.
 */
final class JsonBuffer {

  /** A part of fewer bytes is copied at once. */
  static final int LARGE = 256;

  private static final int USUAL_SIZE = 1024;

  private final List<LargePart> parts = new ArrayList<>(0);
  private byte[] bytes = new byte[USUAL_SIZE];
  private int size;
  private long sizeOfParts;

  /**
   * A part that is written at the end.
   *
   * @param at the number of the small bytes before it
   * @param text its bytes
   * @param escaped whether it is the inside of a JSON string
   */
  private record LargePart(int at, Utf8Text text, boolean escaped) {}

  /** Adds one character of ASCII. */
  void add(char ascii) {
    ensureRoom(1);
    bytes[size++] = (byte) ascii;
  }

  /** Adds characters of ASCII. */
  @SuppressWarnings("deprecation") // takes the low byte of each character
  void addAscii(String text) {
    ensureRoom(text.length());
    text.getBytes(0, text.length(), bytes, size);
    size += text.length();
  }

  /** Adds the name of a field, of ASCII that needs no escape, and the colon after it. */
  void addName(String plain) {
    assert ByteScan.isPlain(plain.getBytes(UTF_8)) : plain;
    addQuoted(plain);
    add(':');
  }

  /**
   * Adds a text as a JSON string, if it has only characters of ASCII that need no escape. Otherwise
   * adds nothing and returns false. A text with a question mark counts as another one: UTF-8 has it
   * in the place of half a surrogate pair.
   */
  boolean addIfPlain(String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    // Every other character that is not ASCII takes several bytes.
    if (utf8.length != text.length() || !ByteScan.isPlain(utf8)) {
      return false;
    }
    addQuoted(text);
    return true;
  }

  private void addQuoted(String plain) {
    add('"');
    addAscii(plain);
    add('"');
  }

  /** Adds bytes as they are; they must not change until the object is complete. */
  void add(Utf8Text json) {
    if (json.length() < LARGE) {
      ensureRoom(json.length());
      json.copyTo(bytes, size);
      size += json.length();
    } else {
      parts.add(new LargePart(size, json, false));
      sizeOfParts += json.length();
    }
  }

  /** Adds a text of any size as a JSON string; it must not change until the object is complete. */
  void addString(Utf8Text text) {
    add('"');
    long length = EncodedSize.ofText(text.bytes());
    if (length < LARGE) {
      ensureRoom((int) length);
      size = JsonEscape.write(text, bytes, size);
    } else {
      parts.add(new LargePart(size, text, true));
      sizeOfParts += length;
    }
    add('"');
  }

  /**
   * Returns all bytes.
   *
   * @throws ArithmeticException if they are more than an array can hold
   */
  byte[] toByteArray() {
    if (parts.isEmpty()) {
      return Arrays.copyOf(bytes, size);
    }
    byte[] whole = new byte[Math.toIntExact(size + sizeOfParts)];
    int from = 0;
    int to = 0;
    for (LargePart part : parts) {
      System.arraycopy(bytes, from, whole, to, part.at() - from);
      to = write(part, whole, to + part.at() - from);
      from = part.at();
    }
    System.arraycopy(bytes, from, whole, to, size - from);
    return whole;
  }

  private static int write(LargePart part, byte[] whole, int at) {
    if (part.escaped()) {
      return JsonEscape.write(part.text(), whole, at);
    }
    part.text().copyTo(whole, at);
    return at + part.text().length();
  }

  private void ensureRoom(int more) {
    if (more > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), 2 * bytes.length));
    }
  }
}
