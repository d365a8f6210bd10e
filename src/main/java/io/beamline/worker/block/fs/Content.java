package io.beamline.worker.block.fs;

import io.beamline.worker.contract.Utf8;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The content of a file. Immutable as long as nobody changes the bytes. */
final class Content {

  private final byte[] bytes;

  /** The content made of these bytes, which are not copied. */
  Content(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The text in UTF-8, null when it has lone surrogates and so cannot be written. */
  static @Nullable Content ofText(String text) {
    byte[] bytes = Utf8.bytes(text);
    return bytes == null ? null : new Content(bytes);
  }

  /** The bytes that a base64 text stands for, null when it is none. */
  static @Nullable Content ofBase64(String base64) {
    try {
      return new Content(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The bytes themselves, not a copy. */
  byte[] bytes() {
    return bytes;
  }

  /** How many bytes. */
  int size() {
    return bytes.length;
  }

  /** The content as text, null when it is not valid UTF-8. */
  @Nullable String text() {
    return Utf8.text(bytes);
  }

  /** The content in base64. */
  String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** The SHA-256 of the content, 64 lower-case hexadecimal digits. */
  String sha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
