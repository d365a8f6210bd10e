package io.beamline.worker.contract.json;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.Utf8Text;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/**
 * Finds a value in JSON by a pointer (RFC 6901), byte for byte as it came. It has the limits of
 * what can become a part of a result, as {@link JsonPart} has. Pure.
 */
public final class PointedJson {

  private PointedJson() {}

  /** Returns the value at a pointer. Null if there is none, or the text before it is no JSON. */
  public static @Nullable RawJson find(RawJson json, JsonPointer pointer) {
    Utf8Text text = json.utf8();
    ByteBuffer bytes = text.bytes();
    try (JsonParser parser =
        Json.PARTS.createParser(
            ObjectReadContext.empty(), bytes.array(), bytes.arrayOffset(), bytes.remaining())) {
      JsonToken token = parser.nextToken();
      for (JsonPointer left = pointer; !left.matches(); left = left.tail()) {
        if (!enter(parser, token, left)) {
          return null;
        }
        token = parser.currentToken();
      }
      return token == null ? null : JsonFields.raw(parser, text);
    } catch (JacksonException e) {
      return null;
    }
  }

  /**
   * Moves to the member or element that the pointer names first. Returns false if it is missing.
   */
  private static boolean enter(JsonParser parser, @Nullable JsonToken token, JsonPointer left) {
    if (token == JsonToken.START_OBJECT) {
      return enterObject(parser, left.getMatchingProperty());
    }
    return token == JsonToken.START_ARRAY && enterArray(parser, left.getMatchingIndex());
  }

  private static boolean enterObject(JsonParser parser, String wanted) {
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      if (name.equals(wanted)) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }

  private static boolean enterArray(JsonParser parser, int wanted) {
    int index = 0;
    for (JsonToken token = parser.nextToken();
        token != null && token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (index++ == wanted) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }
}
