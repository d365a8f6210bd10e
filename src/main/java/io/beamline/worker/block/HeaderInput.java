package io.beamline.worker.block;

import static io.beamline.worker.contract.ErrorCode.INVALID_FORMAT;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.Utf8Text;
import io.beamline.worker.contract.json.JsonFields;
import io.beamline.worker.contract.json.JsonFields.Field;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;

/**
 * Reads the {@code headers} input of blocks that send requests: a JSON object, or a string that
 * contains one. Errors contain a header's name, never its value. Stateless.
 */
public final class HeaderInput {

  private static final String INPUT = "headers";
  private static final int MAX_NAME_IN_DETAILS = 64;

  private HeaderInput() {}

  /**
   * Returns the headers by name, in their order; empty if the input is absent.
   *
   * @throws StepFailure INVALID_FORMAT if it is no JSON object
   */
  public static Map<String, Field> fields(Inputs inputs) throws StepFailure {
    try {
      return switch (inputs.field(INPUT)) {
        case null -> Map.of();
        case Field.Text text -> JsonFields.of(new RawJson(utf8(text)));
        case Field.Raw raw -> JsonFields.of(raw.json());
      };
    } catch (JacksonException e) {
      throw notAnObject();
    }
  }

  /**
   * Returns the values of one header.
   *
   * @throws StepFailure INVALID_FORMAT if they are neither a string nor an array of strings, or
   *     have a character other than printable ASCII and tabs
   */
  public static List<String> values(String name, Field field) throws StepFailure {
    List<String> values =
        switch (field) {
          case Field.Text text -> List.of(text.value());
          case Field.Raw raw -> JsonFields.strings(raw.json());
        };
    if (values == null) {
      throw failure(INVALID_FORMAT, "A header must be a string or an array of strings", name);
    }
    for (String value : values) {
      checkValue(name, value);
    }
    return values;
  }

  /** Returns the failure of a header. */
  public static StepFailure failure(ErrorCode code, String message, String name) {
    String shown = name.substring(0, Math.min(name.length(), MAX_NAME_IN_DETAILS));
    return StepFailure.of(code, message, Map.of("field", INPUT, "header", shown));
  }

  private static void checkValue(String name, String value) throws StepFailure {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c > '~') {
        throw failure(INVALID_FORMAT, "A header's value has a character that is not allowed", name);
      }
    }
  }

  private static Utf8Text utf8(Field.Text text) throws StepFailure {
    Utf8Text utf8 = text.utf8();
    if (utf8 == null) {
      throw notAnObject();
    }
    return utf8;
  }

  private static StepFailure notAnObject() {
    return StepFailure.of(
        INVALID_FORMAT, "The headers must be a JSON object", Map.of("field", INPUT));
  }
}
