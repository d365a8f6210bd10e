package io.beamline.worker.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/**
 * Text and its bytes, where what has no form in the other must be noticed. Whole arrays are
 * converted as Java does it fastest, and what Java puts in the place of a fault tells of one. Pure.
 */
public final class Utf8 {

  private static final char REPLACEMENT = '\uFFFD';

  /** So much is looked at first: bytes that are no text mostly show it soon. */
  private static final int HEAD_BYTES = 4_096;

  private Utf8() {}

  /** The text that the bytes are; null when they are not valid UTF-8. */
  public static @Nullable String text(byte[] bytes) {
    if (bytes.length > HEAD_BYTES && !beginsAsText(bytes)) {
      return null;
    }
    String text = new String(bytes, UTF_8);
    // The replacement may also be in the bytes themselves.
    return text.indexOf(REPLACEMENT) < 0 ? text : strictText(bytes);
  }

  /** The bytes of a text; null when it has a surrogate that stands alone. */
  public static byte @Nullable [] bytes(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new String(bytes, UTF_8).equals(text) ? bytes : null;
  }

  /** Whether all that is whole in the first bytes is valid. */
  private static boolean beginsAsText(byte[] bytes) {
    ByteBuffer head = ByteBuffer.wrap(bytes, 0, HEAD_BYTES);
    return !UTF_8.newDecoder().decode(head, CharBuffer.allocate(HEAD_BYTES), false).isError();
  }

  private static @Nullable String strictText(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
