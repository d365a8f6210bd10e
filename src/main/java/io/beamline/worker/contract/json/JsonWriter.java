package io.beamline.worker.contract.json;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.Utf8Text;
import io.beamline.worker.contract.json.JsonFields.Field;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/**
 * Writes the fields of one JSON object, in the order of the calls. Each method returns this writer.
 * An unpaired surrogate ({@link Utf8Text#of(String)}) is written as U+FFFD, so that no answer is
 * lost over it. Used by one thread, within {@link #object(Consumer)}.
 */
public final class JsonWriter {

  private static final int REPLACEMENT = 0xFFFD;

  private final JsonGenerator json;
  private final JsonBuffer out;

  private JsonWriter(JsonGenerator json, JsonBuffer out) {
    this.json = json;
    this.out = out;
  }

  /**
   * Returns a JSON object in UTF-8.
   *
   * @param body writes the fields of the object
   */
  public static byte[] object(Consumer<JsonWriter> body) {
    JsonBuffer out = new JsonBuffer();
    try (JsonGenerator json = Json.MESSAGES.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      body.accept(new JsonWriter(json, out));
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  /** Writes a string. Writes nothing if it is null. */
  public JsonWriter text(String name, @Nullable String value) {
    if (value != null) {
      json.writeStringProperty(name, wellFormed(value));
    }
    return this;
  }

  /** Writes a whole number. */
  public JsonWriter number(String name, long value) {
    json.writeNumberProperty(name, value);
    return this;
  }

  /** Writes a number with its fraction. */
  public JsonWriter number(String name, double value) {
    json.writeNumberProperty(name, value);
    return this;
  }

  /** Writes a whole number. Writes nothing if it is null. */
  public JsonWriter optional(String name, @Nullable Number value) {
    return value == null ? this : number(name, value.longValue());
  }

  /** Writes a boolean. */
  public JsonWriter flag(String name, boolean value) {
    json.writeBooleanProperty(name, value);
    return this;
  }

  /** Writes a value as it came. */
  public JsonWriter raw(String name, RawJson value) {
    json.writeName(name);
    writeRaw(value);
    return this;
  }

  /**
   * Writes a nested object.
   *
   * @param body writes its fields, with this writer
   */
  public JsonWriter object(String name, Consumer<JsonWriter> body) {
    json.writeObjectPropertyStart(name);
    body.accept(this);
    json.writeEndObject();
    return this;
  }

  /**
   * Writes an array of objects, one for each element.
   *
   * @param body writes the fields of one element, with this writer
   */
  public <T> JsonWriter objects(String name, List<T> elements, BiConsumer<JsonWriter, T> body) {
    json.writeArrayPropertyStart(name);
    for (T element : elements) {
      json.writeStartObject();
      body.accept(this, element);
      json.writeEndObject();
    }
    json.writeEndArray();
    return this;
  }

  /**
   * Writes any value that a block may put into its outputs. A null is written as {@code null}; a
   * value of another type is written as its text.
   */
  public JsonWriter value(String name, @Nullable Object value) {
    json.writeName(wellFormed(name));
    write(value);
    return this;
  }

  /** Writes a field as it was read. A string may be escaped differently. */
  public JsonWriter field(String name, Field value) {
    return switch (value) {
      case Field.Text text -> value(name, text.value());
      case Field.Raw(RawJson raw) -> value(name, raw);
    };
  }

  private void write(@Nullable Object value) {
    switch (value) {
      case null -> json.writeNull();
      case String text -> json.writeString(wellFormed(text));
      case Utf8Text text -> writeUtf8(text);
      case Boolean flag -> json.writeBoolean(flag);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Double number -> json.writeNumber(number);
      case RawJson raw -> writeRaw(raw);
      case Map<?, ?> map -> writeMap(map);
      case List<?> list -> writeList(list);
      default -> json.writeString(wellFormed(value.toString()));
    }
  }

  /** Bypasses the generator for a large text, which it would copy byte by byte. */
  private void writeUtf8(Utf8Text text) {
    if (text.length() < JsonBuffer.LARGE) {
      ByteBuffer bytes = text.bytes();
      json.writeUTF8String(bytes.array(), bytes.arrayOffset(), bytes.remaining());
    } else {
      bypass();
      out.addString(text);
    }
  }

  /** Bypasses the generator, which would copy the value character by character. */
  private void writeRaw(RawJson value) {
    bypass();
    out.add(value.utf8());
  }

  /** Lets the generator expect a name or the end next, with all that it wrote in the buffer. */
  private void bypass() {
    json.writeRawValue("");
    json.flush();
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
        return hasUnpairedSurrogate(text) ? withoutUnpairedSurrogates(text) : text;
      }
    }
    return text;
  }

  private static boolean hasUnpairedSurrogate(String text) {
    return text.codePoints().anyMatch(JsonWriter::isUnpairedSurrogate);
  }

  private static String withoutUnpairedSurrogates(String text) {
    return text.codePoints()
        .map(c -> isUnpairedSurrogate(c) ? REPLACEMENT : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isUnpairedSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
