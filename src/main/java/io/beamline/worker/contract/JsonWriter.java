package io.beamline.worker.contract;

import io.beamline.worker.contract.JsonFields.Field;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.util.ByteArrayBuilder;

/**
 * Writes one JSON object; a field whose value is null is left out. Surrogates that stand alone have
 * no form in UTF-8 and become U+FFFD: an answer must not be lost for them.
 */
final class JsonWriter {

  private static final int USUAL_SIZE = 512;

  private static final int REPLACEMENT = 0xFFFD;

  private final JsonGenerator json;
  private final ByteArrayBuilder out;

  private JsonWriter(JsonGenerator json, ByteArrayBuilder out) {
    this.json = json;
    this.out = out;
  }

  /** The object that the body writes, in UTF-8. */
  static byte[] object(Consumer<JsonWriter> body) {
    ByteArrayBuilder out = new ByteArrayBuilder(USUAL_SIZE);
    try (JsonGenerator json = Json.FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      body.accept(new JsonWriter(json, out));
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  JsonWriter text(String name, @Nullable String value) {
    if (value != null) {
      json.writeStringProperty(name, wellFormed(value));
    }
    return this;
  }

  JsonWriter number(String name, long value) {
    json.writeNumberProperty(name, value);
    return this;
  }

  JsonWriter number(String name, double value) {
    json.writeNumberProperty(name, value);
    return this;
  }

  JsonWriter optional(String name, @Nullable Number value) {
    return value == null ? this : number(name, value.longValue());
  }

  JsonWriter flag(String name, boolean value) {
    json.writeBooleanProperty(name, value);
    return this;
  }

  JsonWriter raw(String name, RawJson value) {
    json.writeName(name);
    writeRaw(value.utf8());
    return this;
  }

  JsonWriter object(String name, Consumer<JsonWriter> body) {
    json.writeObjectPropertyStart(name);
    body.accept(this);
    json.writeEndObject();
    return this;
  }

  <T> JsonWriter objects(String name, List<T> elements, ObjectBody<T> body) {
    json.writeArrayPropertyStart(name);
    for (T element : elements) {
      json.writeStartObject();
      body.write(this, element);
      json.writeEndObject();
    }
    json.writeEndArray();
    return this;
  }

  /** Any value that a block may put into its outputs. */
  JsonWriter value(String name, @Nullable Object value) {
    json.writeName(wellFormed(name));
    write(value);
    return this;
  }

  /** A field that was read. */
  JsonWriter field(String name, Field value) {
    return switch (value) {
      case Field.Text text -> value(name, text.value());
      case Field.Raw(RawJson raw) -> value(name, raw);
    };
  }

  private void write(@Nullable Object value) {
    switch (value) {
      case null -> json.writeNull();
      case String text -> json.writeString(wellFormed(text));
      case Utf8Text text -> json.writeUTF8String(text.array(), text.from(), text.length());
      case Boolean flag -> json.writeBoolean(flag);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Double number -> json.writeNumber(number);
      case RawJson raw -> writeRaw(raw.utf8());
      case Map<?, ?> map -> writeMap(map);
      case List<?> list -> writeList(list);
      default -> json.writeString(wellFormed(value.toString()));
    }
  }

  /** Past the generator, which would take it character by character. */
  private void writeRaw(Utf8Text value) {
    json.writeRawValue("");
    json.flush();
    out.write(value.array(), value.from(), value.length());
  }

  private void writeMap(Map<?, ?> map) {
    json.writeStartObject();
    map.forEach((name, value) -> value(String.valueOf(name), value));
    json.writeEndObject();
  }

  private void writeList(List<?> list) {
    json.writeStartArray();
    list.forEach(this::write);
    json.writeEndArray();
  }

  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return hasLoneSurrogate(text) ? withoutLoneSurrogates(text) : text;
      }
    }
    return text;
  }

  private static boolean hasLoneSurrogate(String text) {
    return text.codePoints().anyMatch(JsonWriter::isLoneSurrogate);
  }

  private static String withoutLoneSurrogates(String text) {
    return text.codePoints()
        .map(c -> isLoneSurrogate(c) ? REPLACEMENT : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isLoneSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  /** Writes the fields of one element of an array. */
  interface ObjectBody<T> {
    void write(JsonWriter json, T element);
  }
}
