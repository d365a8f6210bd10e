package io.beamline.worker.contract.json;

import io.beamline.worker.contract.DeadLetter;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.contract.Utf8Text;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * Writes dead letters (contract section 7). An original that is a JSON object is written as it
 * came, any other in base64. It is cut if it would not fit. The {@code status} is always {@code
 * error}; code and type tell which error. Pure.
 */
public final class DeadLetterEncoder {

  /** The most bytes that the fields about the original take, beside the original itself. */
  private static final int ORIGINAL_FIELDS_BYTES = 256;

  private DeadLetterEncoder() {}

  /**
   * Returns a dead letter in UTF-8.
   *
   * @param maxBytes the most bytes it may have; exceeded only if the result alone is larger
   */
  public static byte[] encode(DeadLetter letter, int maxBytes) {
    byte[] original = letter.original();
    byte[] without = encode(letter, json -> {});
    int room = maxBytes - without.length - ORIGINAL_FIELDS_BYTES;
    if (isJsonObject(original) && original.length <= room) {
      return encode(letter, json -> json.raw("original", new RawJson(original)));
    }
    int fits = Math.max(0, room / 4 * 3);
    if (original.length <= fits) {
      return encode(letter, json -> writeBase64(json, original));
    }
    byte[] cut = Arrays.copyOf(original, fits);
    return encode(
        letter,
        json -> {
          writeBase64(json, cut);
          json.flag("truncated", true)
              .number("original_size", original.length)
              .text("original_sha256", sha256(original));
        });
  }

  private static byte[] encode(DeadLetter letter, Consumer<JsonWriter> original) {
    return JsonWriter.object(
        json -> {
          MessageEncoder.writeResult(json, letter.result(), StepStatus.ERROR);
          json.text("reason", letter.reason().wireName())
              .text("original_subject", letter.originalSubject());
          original.accept(json);
        });
  }

  private static void writeBase64(JsonWriter json, byte[] bytes) {
    json.value("original", Utf8Text.base64(ByteBuffer.wrap(bytes)))
        .text("original_encoding", "base64");
  }

  private static boolean isJsonObject(byte[] message) {
    if (Json.faultOfEncoding(message) != null) {
      return false;
    }
    try (JsonParser parser = Json.MESSAGES.createParser(ObjectReadContext.empty(), message)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
