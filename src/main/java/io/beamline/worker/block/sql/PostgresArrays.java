package io.beamline.worker.block.sql;

import io.beamline.worker.contract.RawJson;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Turns JSON arrays into the text of PostgreSQL's arrays, and back. Pure. */
final class PostgresArrays {

  private PostgresArrays() {}

  /**
   * Returns a JSON array as the text of an array, whatever the type of its elements is. A nested
   * object becomes its JSON text.
   */
  static String literal(RawJson array) {
    StringBuilder literal = new StringBuilder();
    try (JsonParser parser = SqlJson.reader(array)) {
      parser.nextToken();
      append(literal, parser);
    }
    return literal.toString();
  }

  private static void append(StringBuilder literal, JsonParser parser) {
    literal.append('{');
    String separator = "";
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      literal.append(separator);
      separator = ",";
      switch (token) {
        case START_ARRAY -> append(literal, parser);
        case START_OBJECT -> quote(literal, object(parser));
        case VALUE_STRING -> quote(literal, parser.getString());
        case VALUE_NULL -> literal.append("NULL");
        default -> literal.append(parser.getString());
      }
    }
    literal.append('}');
  }

  private static String object(JsonParser parser) {
    LimitedOutput out = new LimitedOutput(Integer.MAX_VALUE);
    try (JsonGenerator json = SqlJson.writer(out)) {
      json.copyCurrentStructureExact(parser);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void quote(StringBuilder literal, String text) {
    literal.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        literal.append('\\');
      }
      literal.append(c);
    }
    literal.append('"');
  }

  /**
   * Writes the text of an array as a JSON array.
   *
   * @param text as the server writes it, such as {@code {1,NULL,"a b"}}
   * @param element how an element is written
   */
  static void write(JsonGenerator json, String text, ValueKind element) {
    new ArrayText(text, json, element).write();
  }

  /** Reads the text of an array once. Not thread-safe. */
  private static final class ArrayText {

    private final String text;
    private final JsonGenerator json;
    private final ValueKind element;
    private int at;

    ArrayText(String text, JsonGenerator json, ValueKind element) {
      this.text = text;
      this.json = json;
      this.element = element;
      // Bounds that do not begin at 1 come first: [0:1]={…}.
      at = text.startsWith("[") ? text.indexOf('=') + 1 : 0;
    }

    void write() {
      json.writeStartArray();
      at++;
      while (at < text.length() && text.charAt(at) != '}') {
        switch (text.charAt(at)) {
          case '{' -> write();
          // Boxes are separated by semicolons.
          case ',', ';' -> at++;
          case '"' -> quoted();
          default -> plain();
        }
      }
      at++;
      json.writeEndArray();
    }

    private void quoted() {
      StringBuilder value = new StringBuilder();
      at++;
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.charAt(at) == '\\') {
          at++;
        }
        value.append(text.charAt(at++));
      }
      at++;
      element.write(json, value.toString());
    }

    private void plain() {
      int start = at;
      while (at < text.length() && ",;}".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      String value = text.substring(start, at);
      if (value.equals("NULL")) {
        json.writeNull();
      } else {
        element.write(json, value);
      }
    }
  }
}
