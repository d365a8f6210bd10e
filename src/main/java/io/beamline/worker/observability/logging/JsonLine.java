package io.beamline.worker.observability.logging;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON object, with its fields in the given order. Text is escaped, and values of
 * secrets are redacted at any depth of maps and lists. Not thread-safe.
 */
final class JsonLine {

  /** Replaces the value of a secret. */
  static final String REDACTED = "[REDACTED]";

  private static final String TOO_DEEP = "[...]";
  private static final int MAX_DEPTH = 8;

  private final StringBuilder out = new StringBuilder(512);
  private boolean first = true;

  /** Begins an object: the line itself, or an item of a list. */
  JsonLine open() {
    out.append('{');
    first = true;
    return this;
  }

  /** Begins an object that is the value of a field. */
  JsonLine open(String name) {
    name(name);
    return open();
  }

  /** Ends an object. */
  JsonLine close() {
    out.append('}');
    first = false;
    return this;
  }

  /** Writes a field; the value is redacted if the name is that of a secret. */
  JsonLine field(String name, @Nullable Object value) {
    field(name, value, 0);
    return this;
  }

  /** Returns a value alone as JSON; redacted if the name is that of a secret. */
  static String valueOf(String name, @Nullable Object value) {
    JsonLine line = new JsonLine();
    line.value(SecretNames.contains(name) ? REDACTED : value, 0);
    return line.toString();
  }

  /** Returns the text written so far. */
  @Override
  public String toString() {
    return out.toString();
  }

  private void field(String name, @Nullable Object value, int depth) {
    name(name);
    value(SecretNames.contains(name) ? REDACTED : value, depth);
  }

  private void name(String name) {
    separate();
    text(name);
    out.append(':');
  }

  private void separate() {
    if (!first) {
      out.append(',');
    }
    first = false;
  }

  private void value(@Nullable Object value, int depth) {
    switch (value) {
      case null -> out.append("null");
      case String text -> text(text);
      case Boolean flag -> out.append(flag.booleanValue());
      case Number number when isJson(number) -> out.append(number);
      case Path path -> text(path.toString());
      case Map<?, ?> map -> map(map, depth);
      case Iterable<?> items -> list(items, depth);
      case Object[] items -> list(Arrays.asList(items), depth);
      default -> text(describe(value));
    }
  }

  private void map(Map<?, ?> map, int depth) {
    if (depth >= MAX_DEPTH) {
      text(TOO_DEEP);
      return;
    }
    open();
    map.forEach((name, value) -> field(String.valueOf(name), value, depth + 1));
    close();
  }

  private void list(Iterable<?> items, int depth) {
    if (depth >= MAX_DEPTH) {
      text(TOO_DEEP);
      return;
    }
    out.append('[');
    first = true;
    for (Object item : items) {
      separate();
      value(item, depth + 1);
    }
    out.append(']');
    first = false;
  }

  private void text(String text) {
    JsonText.append(out, UserInfo.cut(text));
  }

  private static boolean isJson(Number number) {
    return switch (number) {
      case Double value -> Double.isFinite(value);
      case Float value -> Float.isFinite(value);
      default ->
          number instanceof Integer
              || number instanceof Long
              || number instanceof Short
              || number instanceof Byte
              || number instanceof BigDecimal
              || number instanceof BigInteger;
    };
  }

  private static String describe(Object value) {
    Class<?> type = value.getClass();
    return type.isArray()
        ? type.getComponentType().getName() + "[" + Array.getLength(value) + "]"
        : value.toString();
  }
}
