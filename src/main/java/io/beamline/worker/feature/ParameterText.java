package io.beamline.worker.feature;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of a strategy, such as {@code percentage=25}, from a request or a setting.
 * Pure.
 */
final class ParameterText {

  private ParameterText() {}

  /**
   * Returns the parameters by name. The format is {@code name=value}, separated by commas. A part
   * without a name continues the value before it, so that a value may be a list. {@code 25%} alone
   * is the same as {@code percentage=25}.
   *
   * @param text the parameters; null or blank for none
   * @throws IllegalArgumentException when a name is missing or occurs twice
   */
  static Map<String, String> read(@Nullable String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (text == null || text.isBlank()) {
      return parameters;
    }
    if (text.indexOf('=') < 0 && text.strip().endsWith("%")) {
      parameters.put(GradualStrategy.PERCENTAGE, PercentageParameter.withoutSign(text));
      return parameters;
    }
    String name = "";
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals >= 0) {
        name = part.substring(0, equals).strip();
      }
      boolean begins = equals >= 0;
      if (name.isEmpty() || begins == parameters.containsKey(name)) {
        throw new IllegalArgumentException("a name is missing or occurs twice");
      }
      parameters.merge(name, part.substring(equals + 1).strip(), (list, next) -> list + "," + next);
    }
    return parameters;
  }
}
