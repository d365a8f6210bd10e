package io.beamline.worker.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Text as its bytes in UTF-8, which are a part of an array, mostly of a message: large content goes
 * from the network to the disk and back without a copy. Immutable as long as nobody changes the
 * array.
 */
public final class Utf8Text {

  /** Java puts it in the place of a fault; it may also be in the bytes themselves. */
  private static final char REPLACEMENT = '\uFFFD';

  /** So many characters are looked at in one go. */
  private static final int PIECE = 4_096;

  private final byte[] array;
  private final int from;
  private final int length;

  /** Bytes that are known to be valid. */
  Utf8Text(byte[] array, int from, int length) {
    this.array = array;
    this.from = from;
    this.length = length;
  }

  /** The text that these bytes are, which are not copied; null when they are not valid UTF-8. */
  public static @Nullable Utf8Text of(ByteBuffer bytes) {
    Utf8Text text =
        new Utf8Text(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    return text.isValid() ? text : null;
  }

  /** The text in UTF-8; null when it has a surrogate that stands alone. */
  public static @Nullable Utf8Text of(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new String(bytes, UTF_8).equals(text) ? new Utf8Text(bytes, 0, bytes.length) : null;
  }

  /** Any bytes in base64. */
  public static Utf8Text base64(ByteBuffer bytes) {
    ByteBuffer text = Base64.getEncoder().encode(bytes.duplicate());
    return new Utf8Text(text.array(), text.arrayOffset(), text.remaining());
  }

  /** A few bytes are judged fastest as a string. */
  private boolean isValid() {
    return (length <= PIECE && text().indexOf(REPLACEMENT) < 0) || isDecodable();
  }

  private boolean isDecodable() {
    CharsetDecoder decoder = UTF_8.newDecoder();
    CharBuffer characters = CharBuffer.allocate(Math.min(length, PIECE));
    ByteBuffer rest = bytes();
    CoderResult result = CoderResult.OVERFLOW;
    while (result.isOverflow()) {
      characters.clear();
      result = decoder.decode(rest, characters, true);
    }
    return !result.isError();
  }

  /** How many bytes. */
  public int length() {
    return length;
  }

  /** The bytes themselves, which nobody may change. */
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(array, from, length).slice();
  }

  /** The text as Java has it; made anew each time. */
  public String text() {
    return new String(array, from, length, UTF_8);
  }

  /** A part of the same bytes, which must begin and end with whole characters. */
  Utf8Text part(int start, int bytes) {
    return new Utf8Text(array, from + start, bytes);
  }

  /** One of the bytes. */
  byte at(int index) {
    return array[from + index];
  }

  /** What the bytes are a part of. */
  byte[] array() {
    return array;
  }

  /** Where they begin in it. */
  int from() {
    return from;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Utf8Text text && bytes().equals(text.bytes());
  }

  @Override
  public int hashCode() {
    return bytes().hashCode();
  }

  /** Its length only: content stays out of logs. */
  @Override
  public String toString() {
    return "Utf8Text[" + length + " bytes]";
  }
}
