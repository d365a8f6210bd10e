package io.beamline.worker.block.configured;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.Utf8Text;
import io.beamline.worker.contract.json.JsonPart;
import io.beamline.worker.contract.json.PointedJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;

/**
 * Finds a value in the outputs of a block. A text that is JSON counts as that JSON, such as the
 * body of an HTTP response. Pure.
 */
final class OutputValue {

  private OutputValue() {}

  /** Returns the value at a pointer, or null if there is none. */
  static @Nullable Object find(Outputs outputs, JsonPointer pointer) {
    return switch (outputs) {
      case Outputs.Fields fields -> find(fields.values(), pointer);
      case Outputs.RawObject raw -> PointedJson.find(raw.object(), pointer);
      case Outputs.Metered metered -> find(metered.outputs(), pointer);
    };
  }

  private static @Nullable Object find(@Nullable Object value, JsonPointer pointer) {
    if (pointer.matches()) {
      return value;
    }
    return switch (value) {
      case Map<?, ?> map -> find(map.get(pointer.getMatchingProperty()), pointer.tail());
      case List<?> list -> {
        int index = pointer.getMatchingIndex();
        yield index < 0 || index >= list.size() ? null : find(list.get(index), pointer.tail());
      }
      case RawJson json -> PointedJson.find(json, pointer);
      case String text -> find(JsonPart.of(utf8(text)), pointer);
      case Utf8Text text -> find(JsonPart.of(text), pointer);
      case null, default -> null;
    };
  }

  /** Returns a value as an object for a result, or null if it is none. */
  static @Nullable Outputs object(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        @SuppressWarnings("unchecked")
        Map<String, ?> named = (Map<String, ?>) map;
        yield Outputs.of(named);
      }
      case RawJson json -> json.isObject() ? new Outputs.RawObject(json) : null;
      case String text -> object(JsonPart.of(utf8(text)));
      case Utf8Text text -> object(JsonPart.of(text));
      case null, default -> null;
    };
  }

  /** Returns a number that is 0 or more, or null if the value is none. */
  static @Nullable Double cost(@Nullable Object value) {
    try {
      double number =
          switch (value) {
            case Number known -> known.doubleValue();
            case RawJson json -> Double.parseDouble(json.text());
            case null, default -> Double.NaN;
          };
      return Double.isFinite(number) && number >= 0 ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Utf8Text utf8(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new Utf8Text(bytes, 0, bytes.length);
  }
}
