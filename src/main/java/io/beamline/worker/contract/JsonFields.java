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

  /** The value of a field: a string that was read, or any other value as its text. */
  public sealed interface Field {

    /** A JSON string, unescaped. */
    record Text(String value) implements Field {}

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
    String text = object.text();
    Map<String, Field> fields = new LinkedHashMap<>();
    PlainStrings strings = new PlainStrings(text);
    try (JsonParser parser = limits.createParser(ObjectReadContext.empty(), text)) {
      require(parser, parser.nextToken() == JsonToken.START_OBJECT);
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_STRING) {
          fields.put(name, new Field.Text(strings.at(parser)));
        } else if (token != JsonToken.VALUE_NULL) {
          fields.put(name, new Field.Raw(raw(parser, text)));
        }
      }
      require(parser, parser.nextToken() == null);
    }
    return fields;
  }

  /** The strings of an array, null when the value is anything but an array of strings. */
  public static @Nullable List<String> strings(RawJson value) {
    List<String> strings = new ArrayList<>();
    try (JsonParser parser = Json.FACTORY.createParser(ObjectReadContext.empty(), value.text())) {
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

  private static RawJson raw(JsonParser parser, String text) {
    int from = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    parser.finishToken();
    int to = (int) parser.currentLocation().getCharOffset();
    return new RawJson(text.substring(from, to).strip());
  }

  /**
   * Strings as they stand in a text, read from its beginning to its end: mostly they need no
   * unescaping, and then need not go through the parser's buffers. Used by one thread.
   */
  private static final class PlainStrings {

    private final String text;
    private int escape;

    PlainStrings(String text) {
      this.text = text;
      this.escape = text.indexOf('\\');
    }

    /** The string that the parser stands on. */
    String at(JsonParser parser) {
      int from = (int) parser.currentTokenLocation().getCharOffset() + 1;
      if (escape >= 0 && escape < from) {
        escape = text.indexOf('\\', from);
      }
      int to = text.indexOf('"', from);
      boolean plain = to >= 0 && (escape < 0 || escape > to);
      return plain ? text.substring(from, to) : parser.getString();
    }
  }
}
