package io.beamline.worker.contract.json;

import io.beamline.worker.contract.Utf8Text;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Collects the bytes of a JSON object. A large part is only noted, and is written when the size of
 * the whole is known: so it is copied once, into an array of the right size. Used by one thread.
 */
final class JsonBuffer extends OutputStream {

  /** A part of fewer bytes is copied at once. */
  static final int LARGE = 256;

  private static final int USUAL_SIZE = 512;

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

  @Override
  public void write(int value) {
    ensureRoom(1);
    bytes[size++] = (byte) value;
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    ensureRoom(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
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
    write('"');
    parts.add(new LargePart(size, text, true));
    sizeOfParts += EncodedSize.ofText(text.bytes());
    write('"');
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
