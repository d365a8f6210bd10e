package io.beamline.worker.contract.json;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.Utf8Text;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;

/** Recognizes JSON that others made and that can become a part of a result. Thread-safe. */
public final class JsonPart {

  private static final byte FIRST_OF_BYTE_ORDER_MARK = (byte) 0xEF;

  private JsonPart() {}

  /**
   * Returns the text as JSON, without the blanks around it. It shares the text's array.
   *
   * @return null if the text is not exactly one JSON value, has the same key twice in one object,
   *     or is nested so deep that the result would break the limit of a message (contract section
   *     2)
   */
  public static @Nullable RawJson of(Utf8Text text) {
    return isValue(text) ? new RawJson(trimmed(text)) : null;
  }

  private static boolean isValue(Utf8Text text) {
    if (text.length() == 0 || text.at(0) == FIRST_OF_BYTE_ORDER_MARK) {
      return false;
    }
    ByteBuffer bytes = text.bytes();
    try (JsonParser parser =
        Json.PARTS.createParser(
            ObjectReadContext.empty(), bytes.array(), bytes.arrayOffset(), bytes.remaining())) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }

  private static Utf8Text trimmed(Utf8Text text) {
    int from = 0;
    int to = text.length();
    while (isBlank(text.at(from))) {
      from++;
    }
    while (isBlank(text.at(to - 1))) {
      to--;
    }
    return text.part(from, to - from);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }
}
