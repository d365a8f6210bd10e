package io.beamline.worker.contract.json;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.Utf8Text;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Reads JSON objects as records, and writes records as JSON objects (contract section 4). The name
 * of a field is that of its component in snake case, {@code maxRows} as {@code max_rows}, unless
 * the component has a {@code @JsonProperty}. Unknown fields are ignored. A value is never converted
 * to another type: the text {@code "5"} is no number. Thread-safe.
 */
public final class RecordJson {

  private static final Set<Class<?>> PLAIN_TYPES =
      Set.of(
          boolean.class, byte.class, short.class, int.class, long.class, float.class, double.class);

  private static final SnakeCase NAMES = new SnakeCase();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(Json.MESSAGES)
          .propertyNamingStrategy(NAMES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .withCoercionConfig(
              LogicalType.Textual,
              texts ->
                  texts
                      .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  private RecordJson() {}

  /** What became of JSON that was read. */
  public sealed interface Reading<T> {

    /** It is such a record. */
    record Done<T>(T value) implements Reading<T> {}

    /**
     * It is none.
     *
     * @param field the path of the field that is at fault, such as {@code lines[2].unit_price};
     *     empty if it is the whole object
     */
    record Faulty<T>(ReadingFault fault, String field) implements Reading<T> {}
  }

  /** Why JSON is no such record. */
  public enum ReadingFault {
    /** A field that must be there is absent or null: its component is a primitive. */
    MISSING,
    /** A value has another type, or is no value that the record accepts. */
    WRONG_TYPE,
    /** A text has not the form of its type, such as a date or base64. */
    WRONG_FORMAT
  }

  /**
   * Reads a record.
   *
   * @param object a JSON object
   */
  public static <T extends Record> Reading<T> read(RawJson object, Class<T> type) {
    ByteBuffer json = object.utf8().bytes();
    try {
      T value =
          MAPPER.readerFor(type).readValue(json.array(), json.arrayOffset(), json.remaining());
      return new Reading.Done<>(value);
    } catch (JacksonException e) {
      return new Reading.Faulty<>(fault(e, object.utf8()), path(e));
    }
  }

  /**
   * Writes a record. A component that is null is written as {@code null}.
   *
   * @throws JacksonException when a value cannot be written, such as text with half of a surrogate
   *     pair
   */
  public static RawJson write(Record value) {
    return new RawJson(MAPPER.writeValueAsBytes(value));
  }

  /** Returns the name of the field that a name is an alias of; the name itself if it is none. */
  public static String fieldOfAlias(Class<? extends Record> type, String name) {
    for (RecordComponent component : type.getRecordComponents()) {
      JsonAlias aliases = component.getAccessor().getAnnotation(JsonAlias.class);
      if (aliases != null && List.of(aliases.value()).contains(name)) {
        return fieldName(component);
      }
    }
    return name;
  }

  /** Returns the name of a component's field. */
  public static String fieldName(RecordComponent component) {
    JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
    return named == null || named.value().isEmpty()
        ? NAMES.translate(component.getName())
        : named.value();
  }

  private static ReadingFault fault(JacksonException e, Utf8Text json) {
    if (isAbsent(e, json)) {
      return ReadingFault.MISSING;
    }
    boolean text =
        e instanceof InvalidFormatException format
            && format.getValue() instanceof String
            && !isPlain(format.getTargetType());
    return text ? ReadingFault.WRONG_FORMAT : ReadingFault.WRONG_TYPE;
  }

  /** A text is no wrong form of a number, a truth value or a constant: it is another value. */
  private static boolean isPlain(@Nullable Class<?> type) {
    return type == null
        || PLAIN_TYPES.contains(type)
        || Number.class.isAssignableFrom(type)
        || type == Boolean.class
        || type.isEnum();
  }

  /** Reads the JSON again, which is done only after a fault. */
  private static boolean isAbsent(JacksonException e, Utf8Text json) {
    List<JacksonException.Reference> path = e.getPath();
    if (path.isEmpty()) {
      return false;
    }
    try {
      ByteBuffer bytes = json.bytes();
      JsonNode node = MAPPER.readTree(bytes.array(), bytes.arrayOffset(), bytes.remaining());
      for (JacksonException.Reference part : path) {
        node =
            part.getPropertyName() == null
                ? node.path(part.getIndex())
                : node.path(part.getPropertyName());
      }
      return node.isMissingNode() || node.isNull();
    } catch (JacksonException unreadable) {
      return false;
    }
  }

  private static String path(JacksonException e) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference part : e.getPath()) {
      if (part.getPropertyName() == null) {
        path.append('[').append(part.getIndex()).append(']');
      } else if (part.from() instanceof Map) {
        // A key is a part of the payload, which nothing repeats.
        path.append("[]");
      } else {
        path.append(path.isEmpty() ? "" : ".").append(part.getPropertyName());
      }
    }
    return path.toString();
  }

  /** Translates names for Jackson and for {@link #fieldName} alike. */
  private static final class SnakeCase extends PropertyNamingStrategies.SnakeCaseStrategy {

    @Override
    public String translate(String name) {
      return super.translate(name);
    }
  }
}
