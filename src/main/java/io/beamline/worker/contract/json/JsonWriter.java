package io.beamline.worker.contract.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.Utf8Text;
import io.beamline.worker.contract.json.JsonFields.Field;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of one JSON object, in the order of the calls. Each method returns this writer.
 * An unpaired surrogate ({@link Utf8Text#of(String)}) is written as U+FFFD, so that no answer is
 * lost over it. Used by one thread, within {@link #object(Consumer)}.
 *
 * <p>The names of fields are constants of plain ASCII and are written as they are. Only {@link
 * #value} and {@link #field} take any text as a name.
 *
 * <p>Each step has an ack and a result, small and of few kinds of values. To write their bytes
 * takes a fifth of the time that a general generator takes.
 */
public final class JsonWriter {

  /** The deepest nesting, as the parsers of most receivers allow it. */
  static final int MAX_DEPTH = 500;

  private static final int REPLACEMENT = 0xFFFD;

  private final JsonBuffer out = new JsonBuffer();
  private int depth;

  /** Whether a comma comes before the next name or element. */
  private boolean comma;

  private JsonWriter() {}

  /**
   * Returns a JSON object in UTF-8.
   *
   * @param body writes the fields of the object
   * @throws IllegalStateException if it is nested deeper than {@link #MAX_DEPTH}
   */
  public static byte[] object(Consumer<JsonWriter> body) {
    JsonWriter json = new JsonWriter();
    json.open('{');
    body.accept(json);
    json.close('}');
    return json.out.toByteArray();
  }

  /** Writes a string. Writes nothing if it is null. */
  public JsonWriter text(String name, @Nullable String value) {
    if (value != null) {
      name(name);
      string(value);
    }
    return this;
  }

  /** Writes a whole number. */
  public JsonWriter number(String name, long value) {
    name(name);
    out.addAscii(Long.toString(value));
    return this;
  }

  /** Writes a number with its fraction. */
  public JsonWriter number(String name, double value) {
    name(name);
    fraction(value);
    return this;
  }

  /** Writes a whole number. Writes nothing if it is null. */
  public JsonWriter optional(String name, @Nullable Number value) {
    return value == null ? this : number(name, value.longValue());
  }

  /** Writes a boolean. */
  public JsonWriter flag(String name, boolean value) {
    name(name);
    out.addAscii(Boolean.toString(value));
    return this;
  }

  /** Writes a value as it came. */
  public JsonWriter raw(String name, RawJson value) {
    name(name);
    out.add(value.utf8());
    return this;
  }

  /**
   * Writes a nested object.
   *
   * @param body writes its fields, with this writer
   */
  public JsonWriter object(String name, Consumer<JsonWriter> body) {
    name(name);
    open('{');
    body.accept(this);
    close('}');
    return this;
  }

  /**
   * Writes an array of objects, one for each element.
   *
   * @param body writes the fields of one element, with this writer
   */
  public <T> JsonWriter objects(String name, List<T> elements, BiConsumer<JsonWriter, T> body) {
    name(name);
    open('[');
    for (T element : elements) {
      separate();
      open('{');
      body.accept(this, element);
      close('}');
    }
    close(']');
    return this;
  }

  /**
   * Writes any value that a block may put into its outputs. A null is written as {@code null}; a
   * value of another type is written as its text.
   */
  public JsonWriter value(String name, @Nullable Object value) {
    anyName(name);
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
      case null -> out.addAscii("null");
      case String text -> string(text);
      case Utf8Text text -> out.addString(text);
      case Boolean flag -> out.addAscii(flag.toString());
      case Integer number -> out.addAscii(number.toString());
      case Long number -> out.addAscii(number.toString());
      case Double number -> fraction(number);
      case RawJson raw -> out.add(raw.utf8());
      case Map<?, ?> map -> writeMap(map);
      case List<?> list -> writeList(list);
      default -> string(value.toString());
    }
  }

  private void writeMap(Map<?, ?> map) {
    open('{');
    map.forEach((name, value) -> value(String.valueOf(name), value));
    close('}');
  }

  private void writeList(List<?> list) {
    open('[');
    for (Object element : list) {
      separate();
      write(element);
    }
    close(']');
  }

  private void name(String constant) {
    separate();
    out.addName(constant);
  }

  private void anyName(String name) {
    separate();
    string(name);
    out.add(':');
  }

  private void separate() {
    if (comma) {
      out.add(',');
    }
    comma = true;
  }

  private void open(char bracket) {
    if (++depth > MAX_DEPTH) {
      throw new IllegalStateException("an object is nested deeper than " + MAX_DEPTH);
    }
    out.add(bracket);
    comma = false;
  }

  private void close(char bracket) {
    depth--;
    out.add(bracket);
    comma = true;
  }

  /** JSON has no number for what is infinite or none, so its name is written. */
  private void fraction(double value) {
    String text = Double.toString(value);
    if (Double.isFinite(value)) {
      out.addAscii(text);
    } else {
      string(text);
    }
  }

  private void string(String text) {
    if (!out.addIfPlain(text)) {
      byte[] utf8 = wellFormed(text).getBytes(UTF_8);
      out.addString(new Utf8Text(utf8, 0, utf8.length));
    }
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
