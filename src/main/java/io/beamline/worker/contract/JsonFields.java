package io.beamline.worker.contract;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** Reads the fields of one JSON object, one level deep. Thread-safe. */
public final class JsonFields {

  /** Longer numbers are never wanted, and would be slow to read. */
  private static final int LONGEST_NUMBER = 64;

  private JsonFields() {}

  /** The value of a field: a string, or any other value as its text. */
  public sealed interface Field {

    /** A JSON string. */
    sealed interface Text extends Field {

      /** The string, unescaped; of a plain one made anew each time. */
      String value();

      /** The same in UTF-8; null when it has a surrogate that stands alone. */
      @Nullable Utf8Text utf8();
    }

    /** One that needs no unescaping: it is a part of the JSON. */
    record Plain(Utf8Text utf8) implements Text {

      @Override
      public String value() {
        return utf8.text();
      }
    }

    /** One that was unescaped. */
    record Unescaped(String value) implements Text {

      @Override
      public @Nullable Utf8Text utf8() {
        return Utf8Text.of(value);
      }
    }

    /** A number, truth value, object or array, as it came. */
    record Raw(RawJson json) implements Field {}
  }

  /**
   * The fields of an object, in their order, without those that are null.
   *
   * @param object a JSON object
   * @throws tools.jackson.core.JacksonException when the text is no JSON object
   */
  public static Map<String, Field> of(RawJson object) {
    return of(object, Json.FACTORY);
  }

  /** The same, with the limits of a factory. */
  static Map<String, Field> of(RawJson object, JsonFactory limits) {
    Utf8Text json = object.utf8();
    Map<String, Field> fields = new LinkedHashMap<>();
    try (JsonParser parser = parser(json, limits)) {
      require(parser, parser.nextToken() == JsonToken.START_OBJECT);
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_STRING) {
          fields.put(name, string(parser, json));
        } else if (token != JsonToken.VALUE_NULL) {
          fields.put(name, new Field.Raw(raw(parser, json)));
        }
      }
      require(parser, parser.nextToken() == null);
    }
    return fields;
  }

  /** The strings of an array, null when the value is anything but an array of strings. */
  public static @Nullable List<String> strings(RawJson value) {
    List<String> strings = new ArrayList<>();
    try (JsonParser parser = parser(value.utf8(), Json.FACTORY)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        return null;
      }
      for (JsonToken token = parser.nextToken();
          token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        if (token != JsonToken.VALUE_STRING) {
          return null;
        }
        strings.add(parser.getString());
      }
    }
    return strings;
  }

  /** The number as a long, null when the text is no number, is not whole or does not fit. */
  public static @Nullable Long wholeNumber(String json) {
    if (json.isEmpty() || json.length() > LONGEST_NUMBER) {
      return null;
    }
    char first = json.charAt(0);
    if (first != '-' && (first < '0' || first > '9')) {
      return null;
    }
    try {
      return new BigDecimal(json).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  private static void require(JsonParser parser, boolean isObject) {
    if (!isObject) {
      throw new StreamReadException(parser, "Not one JSON object");
    }
  }

  private static JsonParser parser(Utf8Text json, JsonFactory limits) {
    return limits.createParser(ObjectReadContext.empty(), json.array(), json.from(), json.length());
  }

  /** The string that the parser stands on; what is wrong with it the parser tells later. */
  private static Field.Text string(JsonParser parser, Utf8Text json) {
    int from = (int) parser.currentTokenLocation().getByteOffset() + 1;
    int length = plainLength(json, from);
    return length < 0
        ? new Field.Unescaped(parser.getString())
        : new Field.Plain(json.part(from, length));
  }

  /** How many bytes there are up to a quote; -1 when a backslash comes first. */
  private static int plainLength(Utf8Text json, int from) {
    for (int i = from; i < json.length(); i++) {
      byte b = json.at(i);
      if (b == '"') {
        return i - from;
      }
      if (b == '\\') {
        return -1;
      }
    }
    return -1;
  }

  private static RawJson raw(JsonParser parser, Utf8Text json) {
    int from = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    parser.finishToken();
    int to = (int) parser.currentLocation().getByteOffset();
    while (isSpace(json.at(to - 1))) {
      to--;
    }
    return new RawJson(json.part(from, to - from));
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }
}
