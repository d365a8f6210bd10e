package io.beamline.worker.block.fs;

import io.beamline.worker.contract.Utf8Text;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The content of a file. Immutable as long as the bytes are not changed. */
final class Content {

  private final ByteBuffer bytes;

  /** Wraps bytes without a copy. */
  Content(ByteBuffer bytes) {
    this.bytes = bytes.slice();
  }

  /** Returns the content of a text, or null for null. */
  static @Nullable Content of(@Nullable Utf8Text text) {
    return text == null ? null : new Content(text.bytes());
  }

  /** Decodes base64, or returns null if the text is not valid base64. */
  static @Nullable Content ofBase64(String base64) {
    try {
      return new Content(ByteBuffer.wrap(Base64.getDecoder().decode(base64)));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Returns a new view of the bytes, which must not be changed. */
  ByteBuffer bytes() {
    return bytes.duplicate();
  }

  /** Returns the number of bytes. */
  int size() {
    return bytes.limit();
  }

  /** Returns the content as text, or null if it is not valid UTF-8. */
  @Nullable Utf8Text text() {
    return Utf8Text.of(bytes);
  }

  /** Encodes the content in base64. */
  Utf8Text base64() {
    return Utf8Text.base64(bytes);
  }

  /** Returns the SHA-256 of the content as 64 lower-case hexadecimal digits. */
  String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
