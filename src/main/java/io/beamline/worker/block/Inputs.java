package io.beamline.worker.block;

import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;
import static io.beamline.worker.contract.ErrorCode.MISSING_REQUIRED_FIELD;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.json.JsonFields;
import io.beamline.worker.contract.json.JsonFields.Field;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Typed access to the inputs of a step. A field whose value is JSON null counts as absent.
 * Immutable.
 */
public final class Inputs {

  private final Map<String, Field> fields;

  private Inputs(Map<String, Field> fields) {
    this.fields = fields;
  }

  /** Parses the inputs of a payload, which must be a JSON object. */
  public static Inputs of(RawJson payload) {
    return new Inputs(JsonFields.of(payload));
  }

  /** Returns whether the field is present and not null. */
  public boolean has(String name) {
    return field(name) != null;
  }

  /**
   * Returns a required text.
   *
   * @throws StepFailure MISSING_REQUIRED_FIELD if it is absent, INVALID_INPUT if it is not a string
   */
  public String requiredText(String name) throws StepFailure {
    String text = text(name);
    if (text == null) {
      throw failure(MISSING_REQUIRED_FIELD, "A required input is missing", name);
    }
    return text;
  }

  /**
   * Returns a text, or null if it is absent.
   *
   * @throws StepFailure INVALID_INPUT if it is not a string
   */
  public @Nullable String text(String name) throws StepFailure {
    Field.Text text = largeText(name);
    return text == null ? null : text.value();
  }

  /**
   * Returns a text that may be large, not yet decoded into a string; null if it is absent.
   *
   * @throws StepFailure INVALID_INPUT if it is not a string
   */
  public Field.@Nullable Text largeText(String name) throws StepFailure {
    return switch (field(name)) {
      case null -> null;
      case Field.Text text -> text;
      case Field.Raw other -> throw failure(INVALID_INPUT, "An input must be a string", name);
    };
  }

  /**
   * Returns a boolean.
   *
   * @throws StepFailure INVALID_INPUT if it is neither true nor false
   */
  public boolean bool(String name, boolean whenAbsent) throws StepFailure {
    Field field = field(name);
    if (field == null) {
      return whenAbsent;
    }
    if (field instanceof Field.Raw(RawJson json)
        && (json.text().equals("true") || json.text().equals("false"))) {
      return json.text().equals("true");
    }
    throw failure(INVALID_INPUT, "An input must be true or false", name);
  }

  /**
   * Returns a whole number from min to max, both inclusive.
   *
   * @throws StepFailure INVALID_INPUT if it is not a whole number from min to max
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

  /** Returns the field as received, or null if it is absent. */
  public @Nullable Field field(String name) {
    return fields.get(name);
  }

  private static StepFailure failure(ErrorCode code, String message, String field) {
    return StepFailure.of(code, message, Map.of("field", field));
  }
}
