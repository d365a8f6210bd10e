package io.beamline.worker.block.sql;

import static io.beamline.worker.contract.ErrorCode.INVALID_INPUT;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.block.sql.SqlParameter.ArrayParameter;
import io.beamline.worker.block.sql.SqlParameter.BooleanParameter;
import io.beamline.worker.block.sql.SqlParameter.DecimalParameter;
import io.beamline.worker.block.sql.SqlParameter.NullParameter;
import io.beamline.worker.block.sql.SqlParameter.ObjectParameter;
import io.beamline.worker.block.sql.SqlParameter.TextParameter;
import io.beamline.worker.block.sql.SqlParameter.WholeParameter;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.json.JsonFields;
import io.beamline.worker.contract.json.JsonFields.Field;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.jdbc.core.namedparam.ParsedSql;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/**
 * Reads the parameters of a statement: an array for {@code ?}, or an object for {@code :name}. A
 * failure names the parameter and never shows its value. Pure.
 */
final class ParameterReader {

  /** Longer numbers, and those with larger exponents, are slow to compute with. */
  private static final int MOST_DIGITS = 1_000;

  private static final int LONGEST_NAME = 128;

  private ParameterReader() {}

  /**
   * A statement with the values of its parameters, in their order.
   *
   * @param sql with a {@code ?} for each parameter
   */
  record BoundStatement(String sql, List<SqlParameter> parameters) {}

  /**
   * Returns the statement with its parameters.
   *
   * @param field the name of the input, for failures
   * @param given the input, null if it is absent
   * @throws StepFailure INVALID_INPUT if a parameter is missing, unused or no value
   */
  static BoundStatement read(String sql, String field, @Nullable Field given, SqlText text)
      throws StepFailure {
    if (given == null) {
      if (text.placeholders() > 0) {
        throw missing(field, "1");
      }
      return new BoundStatement(sql, List.of());
    }
    if (given instanceof Field.Raw(RawJson json)) {
      if (json.isObject()) {
        return named(sql, field, JsonFields.withNulls(json), text);
      }
      List<Field> values = JsonFields.elements(json);
      if (values != null) {
        return positional(sql, field, values, text);
      }
    }
    throw StepFailure.of(
        INVALID_INPUT, "An input must be an array or an object", Map.of("field", field));
  }

  private static BoundStatement positional(
      String sql, String field, List<Field> values, SqlText text) throws StepFailure {
    if (values.size() < text.placeholders()) {
      throw missing(field, String.valueOf(values.size() + 1));
    }
    if (values.size() > text.placeholders()) {
      throw unused(field, String.valueOf(text.placeholders() + 1));
    }
    List<SqlParameter> parameters = new ArrayList<>();
    for (Field value : values) {
      parameters.add(parameter(field, String.valueOf(parameters.size() + 1), value));
    }
    return new BoundStatement(sql, parameters);
  }

  private static BoundStatement named(
      String sql, String field, Map<String, Field> values, SqlText text) throws StepFailure {
    Map<String, SqlParameter> known = new LinkedHashMap<>();
    for (Map.Entry<String, Field> value : values.entrySet()) {
      known.put(value.getKey(), parameter(field, value.getKey(), value.getValue()));
    }
    NamesInOrder names = new NamesInOrder();
    String substituted;
    try {
      ParsedSql parsed = NamedParameterUtils.parseSqlStatement(sql);
      substituted = NamedParameterUtils.substituteNamedParameters(parsed, names);
    } catch (InvalidDataAccessApiUsageException e) {
      throw misfit();
    }
    if (text.placeholders() > 0) {
      throw misfit();
    }
    Set<String> left = new LinkedHashSet<>(known.keySet());
    List<SqlParameter> parameters = new ArrayList<>();
    for (String name : names.seen) {
      SqlParameter parameter = known.get(name);
      if (parameter == null) {
        throw missing(field, name);
      }
      parameters.add(parameter);
      left.remove(name);
    }
    if (!left.isEmpty()) {
      throw unused(field, left.iterator().next());
    }
    return new BoundStatement(substituted, parameters);
  }

  private static SqlParameter parameter(String field, String name, Field value) throws StepFailure {
    if (value instanceof Field.Text text) {
      if (text.utf8() == null) {
        throw failure("A parameter has an unpaired surrogate", field, name);
      }
      return new TextParameter(text.value());
    }
    RawJson json = ((Field.Raw) value).json();
    return switch (json.utf8().at(0)) {
      case '{' -> new ObjectParameter(json);
      case '[' -> new ArrayParameter(json);
      case 't' -> new BooleanParameter(true);
      case 'f' -> new BooleanParameter(false);
      case 'n' -> new NullParameter();
      default -> number(field, name, json.text());
    };
  }

  private static SqlParameter number(String field, String name, String text) throws StepFailure {
    try {
      if (text.length() <= MOST_DIGITS) {
        BigDecimal number = new BigDecimal(text);
        if (Math.abs((long) number.scale()) <= MOST_DIGITS) {
          return number.scale() == 0 && number.precision() <= 18
              ? new WholeParameter(number.longValueExact())
              : new DecimalParameter(number);
        }
      }
    } catch (NumberFormatException e) {
      // An exponent that is larger than Java's.
    }
    throw failure("A parameter is a number out of range", field, name);
  }

  private static StepFailure misfit() {
    return StepFailure.of(
        INVALID_INPUT,
        "The placeholders of the statement do not fit together",
        Map.of("field", "query"));
  }

  private static StepFailure missing(String field, String name) {
    return failure("A parameter of the statement has no value", field, name);
  }

  private static StepFailure unused(String field, String name) {
    return failure("A parameter is not in the statement", field, name);
  }

  private static StepFailure failure(String message, String field, String name) {
    String shown = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    return StepFailure.of(INVALID_INPUT, message, Map.of("field", field, "parameter", shown));
  }

  /** Hears the names of the parameters in the order of the statement. Not thread-safe. */
  private static final class NamesInOrder implements SqlParameterSource {

    private final List<String> seen = new ArrayList<>();

    /** Called once for each place of a name. */
    @Override
    public boolean hasValue(String name) {
      seen.add(name);
      return false;
    }

    @Override
    public @Nullable Object getValue(String name) {
      return null;
    }
  }
}
