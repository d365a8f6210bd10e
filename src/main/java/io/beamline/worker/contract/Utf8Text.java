package io.beamline.worker.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Text as UTF-8, mostly a part of a message. It shares the message's array, so that large content
 * goes from the network to the disk and back without a copy. Immutable and thread-safe as long as
 * nobody changes the array. Equal to a text with the same bytes.
 */
public final class Utf8Text {

  private final byte[] array;
  private final int from;
  private final int length;

  /**
   * Creates a text from bytes that are known to be valid UTF-8. They are not copied.
   *
   * @param array the array that holds them; never changed afterwards
   * @param from the index of the first byte
   * @param length the number of bytes
   */
  public Utf8Text(byte[] array, int from, int length) {
    this.array = array;
    this.from = from;
    this.length = length;
  }

  /**
   * Returns the remaining bytes as text, or null if they are not valid UTF-8. They are not copied.
   *
   * @param bytes a buffer with an accessible array; its position does not move
   */
  public static @Nullable Utf8Text of(ByteBuffer bytes) {
    int from = bytes.arrayOffset() + bytes.position();
    return Utf8Check.isValid(bytes.array(), from, from + bytes.remaining())
        ? new Utf8Text(bytes.array(), from, bytes.remaining())
        : null;
  }

  /**
   * Returns the text in UTF-8, or null if it has an unpaired surrogate. Java writes some characters
   * as two {@code char} values, a surrogate pair. One half without the other is no character, and
   * UTF-8 has no form for it.
   */
  public static @Nullable Utf8Text of(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new String(bytes, UTF_8).equals(text) ? new Utf8Text(bytes, 0, bytes.length) : null;
  }

  /**
   * Returns the remaining bytes in base64.
   *
   * @param bytes a buffer; its position does not move
   */
  public static Utf8Text base64(ByteBuffer bytes) {
    ByteBuffer text = Base64.getEncoder().encode(bytes.duplicate());
    return new Utf8Text(text.array(), text.arrayOffset(), text.remaining());
  }

  /** Returns the number of bytes. */
  public int length() {
    return length;
  }

  /** Returns the bytes, which share the text's array and must not be changed. */
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(array, from, length).slice();
  }

  /** Returns the text as a string, decoded at each call. */
  public String text() {
    return new String(array, from, length, UTF_8);
  }

  /**
   * Returns a part of the text, which shares the array. It must begin and end with whole
   * characters.
   *
   * @param start the index of its first byte in this text
   * @param bytes its number of bytes
   */
  public Utf8Text part(int start, int bytes) {
    return new Utf8Text(array, from + start, bytes);
  }

  /**
   * Copies the bytes into an array.
   *
   * @param target has room for them from the index {@code at}
   */
  public void copyTo(byte[] target, int at) {
    System.arraycopy(array, from, target, at, length);
  }

  /**
   * Returns one byte.
   *
   * @param index 0 to {@code length() - 1}
   */
  public byte at(int index) {
    return array[from + index];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Utf8Text text && bytes().equals(text.bytes());
  }

  @Override
  public int hashCode() {
    return bytes().hashCode();
  }

  /** Returns only the length, so that no content reaches a log. */
  @Override
  public String toString() {
    return "Utf8Text[" + length + " bytes]";
  }
}
