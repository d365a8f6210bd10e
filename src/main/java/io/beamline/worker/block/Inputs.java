package io.beamline.worker.block;

import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;
import static io.beamline.worker.contract.ErrorCode.MISSING_REQUIRED_FIELD;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.JsonFields;
import io.beamline.worker.contract.JsonFields.Field;
import io.beamline.worker.contract.RawJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a step, with typed access. A field that is JSON's null counts as absent. Immutable.
 */
public final class Inputs {

  private final Map<String, Field> fields;

  private Inputs(Map<String, Field> fields) {
    this.fields = fields;
  }

  /** The inputs in a payload, which must be a JSON object. */
  public static Inputs of(RawJson payload) {
    return new Inputs(JsonFields.of(payload));
  }

  /** Whether the field is there and not null. */
  public boolean has(String name) {
    return field(name) != null;
  }

  /**
   * A text that must be there.
   *
   * @throws StepFailure MISSING_REQUIRED_FIELD when absent, INVALID_INPUT when it is no string
   */
  public String requiredText(String name) throws StepFailure {
    String text = text(name);
    if (text == null) {
      throw fault(MISSING_REQUIRED_FIELD, "A required input is missing", name);
    }
    return text;
  }

  /**
   * A text, null when absent.
   *
   * @throws StepFailure INVALID_INPUT when it is no string
   */
  public @Nullable String text(String name) throws StepFailure {
    Field.Text text = largeText(name);
    return text == null ? null : text.value();
  }

  /**
   * A text that may be large, and so is not made a string before somebody asks; null when absent.
   *
   * @throws StepFailure INVALID_INPUT when it is no string
   */
  public Field.@Nullable Text largeText(String name) throws StepFailure {
    return switch (field(name)) {
      case null -> null;
      case Field.Text text -> text;
      case Field.Raw other -> throw fault(INVALID_INPUT, "An input must be a string", name);
    };
  }

  /**
   * A truth value.
   *
   * @throws StepFailure INVALID_INPUT when it is neither true nor false
   */
  public boolean flag(String name, boolean whenAbsent) throws StepFailure {
    Field field = field(name);
    if (field == null) {
      return whenAbsent;
    }
    if (field instanceof Field.Raw(RawJson json)
        && (json.text().equals("true") || json.text().equals("false"))) {
      return json.text().equals("true");
    }
    throw fault(INVALID_INPUT, "An input must be true or false", name);
  }

  /**
   * A whole number.
   *
   * @throws StepFailure INVALID_INPUT when it is no whole number from min to max
   */
  public long wholeNumber(String name, long min, long max, long whenAbsent) throws StepFailure {
    Field field = field(name);
    if (field == null) {
      return whenAbsent;
    }
    if (field instanceof Field.Raw(RawJson json)) {
      Long number = JsonFields.wholeNumber(json.text());
      if (number != null && number >= min && number <= max) {
        return number;
      }
    }
    throw StepFailure.of(
        INVALID_INPUT,
        "An input must be a whole number within its range",
        Map.of("field", name, "min", min, "max", max));
  }

  /** The field as it came, null when absent. */
  public @Nullable Field field(String name) {
    return fields.get(name);
  }

  private static StepFailure fault(ErrorCode code, String message, String field) {
    return StepFailure.of(code, message, Map.of("field", field));
  }
}
