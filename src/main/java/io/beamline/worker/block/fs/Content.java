package io.beamline.worker.block.fs;

import io.beamline.worker.contract.Utf8Text;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The content of a file. Immutable as long as nobody changes the bytes. */
final class Content {

  private final ByteBuffer bytes;

  /** The content made of these bytes, which are not copied. */
  Content(ByteBuffer bytes) {
    this.bytes = bytes.slice();
  }

  /** A text's content, null without one. */
  static @Nullable Content of(@Nullable Utf8Text text) {
    return text == null ? null : new Content(text.bytes());
  }

  /** The bytes that a base64 text stands for, null when it is none. */
  static @Nullable Content ofBase64(String base64) {
    try {
      return new Content(ByteBuffer.wrap(Base64.getDecoder().decode(base64)));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The bytes themselves, which nobody may change; with a position of its own. */
  ByteBuffer bytes() {
    return bytes.duplicate();
  }

  /** How many bytes. */
  int size() {
    return bytes.limit();
  }

  /** The content as text, null when it is not valid UTF-8. */
  @Nullable Utf8Text text() {
    return Utf8Text.of(bytes);
  }

  /** The content in base64. */
  Utf8Text base64() {
    return Utf8Text.base64(bytes);
  }

  /** The SHA-256 of the content, 64 lower-case hexadecimal digits. */
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
