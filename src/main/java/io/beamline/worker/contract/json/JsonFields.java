package io.beamline.worker.contract.json;

import io.beamline.worker.contract.ByteScan;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.Utf8Text;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** Reads the fields of one JSON object, without what is nested in them. Thread-safe. */
public final class JsonFields {

  /** Longer numbers are never needed and slow to parse. */
  private static final int MAX_NUMBER_LENGTH = 64;

  /** A string with escapes of fewer bytes is decoded at once. */
  private static final int LONG = 256;

  private JsonFields() {}

  /** The value of a field: a string, or any other value as raw JSON. Immutable. */
  public sealed interface Field {

    /** A JSON string. */
    sealed interface Text extends Field {

      /** Returns the string, unescaped. A {@link Plain} decodes it at each call. */
      String value();

      /** Returns the string in UTF-8, or null if it has an unpaired surrogate. */
      @Nullable Utf8Text utf8();
    }

    /** A string without escapes: its bytes are a part of the message. */
    record Plain(Utf8Text utf8) implements Text {

      @Override
      public String value() {
        return utf8.text();
      }
    }

    /**
     * A long string with escapes, which are resolved at each call.
     *
     * @param quoted the string as it came, with its quotes
     */
    record Escaped(Utf8Text quoted) implements Text {

      @Override
      public String value() {
        return JsonFields.value(quoted);
      }

      @Override
      public @Nullable Utf8Text utf8() {
        return JsonUnescape.of(quoted.part(1, quoted.length() - 2));
      }
    }

    /** A short string that had escapes. */
    record Unescaped(String value) implements Text {

      @Override
      public @Nullable Utf8Text utf8() {
        return Utf8Text.of(value);
      }
    }

    /** A number, boolean, object or array, as it came. */
    record Raw(RawJson json) implements Field {}
  }

  /**
   * Returns the fields of an object in their order, without those that are null.
   *
   * @throws tools.jackson.core.JacksonException when the text is no JSON object, has a duplicate
   *     key or breaks a limit of an assignment (contract section 2)
   */
  public static Map<String, Field> of(RawJson object) {
    return of(object, Json.MESSAGES);
  }

  /**
   * Returns the fields of a dead letter, or of an object in it, like {@link #of}. The limits are
   * wider; of duplicate keys, the last one counts.
   *
   * @throws tools.jackson.core.JacksonException when the text is no JSON object
   */
  public static Map<String, Field> ofDeadLetter(RawJson object) {
    return of(object, Json.DEAD_LETTERS);
  }

  /**
   * Returns one string of an object without reading what follows it. Returns null if there is none
   * of this name, or the text breaks off before it.
   */
  public static @Nullable String text(RawJson object, String wanted) {
    try (JsonParser parser = parser(object.utf8(), Json.MESSAGES)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        JsonToken token = parser.nextToken();
        if (name.equals(wanted)) {
          return token == JsonToken.VALUE_STRING ? parser.getString() : null;
        }
        parser.skipChildren();
      }
      return null;
    } catch (JacksonException e) {
      return null;
    }
  }

  private static Map<String, Field> of(RawJson object, JsonFactory limits) {
    Map<String, Field> fields = withNulls(object, limits);
    fields.values().removeIf(JsonFields::isNull);
    return fields;
  }

  /**
   * Returns the fields of an object like {@link #of}, and those that are null as raw {@code null}.
   */
  public static Map<String, Field> withNulls(RawJson object) {
    return withNulls(object, Json.MESSAGES);
  }

  private static Map<String, Field> withNulls(RawJson object, JsonFactory limits) {
    Utf8Text json = object.utf8();
    Map<String, Field> fields = new LinkedHashMap<>();
    try (JsonParser parser = parser(json, limits)) {
      require(parser, parser.nextToken() == JsonToken.START_OBJECT);
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        fields.put(name, value(parser.nextToken(), parser, json));
      }
      require(parser, parser.nextToken() == null);
    }
    return fields;
  }

  /**
   * Returns the elements of an array, those that are null as raw {@code null}. Returns null if the
   * value is no array.
   *
   * @throws tools.jackson.core.JacksonException when the value is no well-formed JSON
   */
  public static @Nullable List<Field> elements(RawJson array) {
    Utf8Text json = array.utf8();
    List<Field> elements = new ArrayList<>();
    try (JsonParser parser = parser(json, Json.MESSAGES)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        return null;
      }
      for (JsonToken token = parser.nextToken();
          token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        elements.add(value(token, parser, json));
      }
      require(parser, parser.nextToken() == null);
    }
    return elements;
  }

  private static Field value(@Nullable JsonToken token, JsonParser parser, Utf8Text json) {
    return token == JsonToken.VALUE_STRING
        ? string(parser, json)
        : new Field.Raw(raw(parser, json));
  }

  private static boolean isNull(Field field) {
    return field instanceof Field.Raw(RawJson json) && json.utf8().at(0) == 'n';
  }

  /**
   * Returns the strings of an array, or null if the value is anything but an array of strings.
   *
   * @throws tools.jackson.core.JacksonException when the value is no well-formed JSON
   */
  public static @Nullable List<String> strings(RawJson value) {
    List<String> strings = new ArrayList<>();
    try (JsonParser parser = parser(value.utf8(), Json.MESSAGES)) {
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

  /** Returns the number, or null if the text is no number, is not whole or exceeds a long. */
  public static @Nullable Long wholeNumber(String json) {
    if (json.isEmpty() || json.length() > MAX_NUMBER_LENGTH) {
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
    ByteBuffer bytes = json.bytes();
    return limits.createParser(
        ObjectReadContext.empty(), bytes.array(), bytes.arrayOffset(), bytes.remaining());
  }

  /** Returns the string at the parser. The parser checks a plain one when it moves on. */
  private static Field.Text string(JsonParser parser, Utf8Text json) {
    int from = (int) parser.currentTokenLocation().getByteOffset() + 1;
    int length = plainLength(json.bytes(), from);
    if (length >= 0) {
      return new Field.Plain(json.part(from, length));
    }
    if (json.length() - from < LONG || !(parser instanceof MessageParser message)) {
      return new Field.Unescaped(parser.getString());
    }
    message.skipString();
    int end = (int) parser.currentLocation().getByteOffset();
    Utf8Text quoted = json.part(from - 1, end - from + 1);
    return quoted.length() < LONG ? new Field.Unescaped(value(quoted)) : new Field.Escaped(quoted);
  }

  /** Returns the text of a JSON string, also if it has an unpaired surrogate. */
  private static String value(Utf8Text quoted) {
    try (JsonParser parser = parser(quoted, Json.DEAD_LETTERS)) {
      JsonToken unused = parser.nextToken();
      return parser.getString();
    }
  }

  /** Returns the number of bytes before the next quote, or -1 if something else comes first. */
  private static int plainLength(ByteBuffer json, int from) {
    int start = json.arrayOffset() + from;
    int to = json.arrayOffset() + json.limit();
    int end = ByteScan.special(json.array(), start, to);
    return end < to && json.array()[end] == '"' ? end - start : -1;
  }

  /** Returns the value at the parser, which moves to its end. */
  static RawJson raw(JsonParser parser, Utf8Text json) {
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
