package io.beamline.worker.feature;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a strategy's parameters as scripts write them: {@code percentage=25}. Pure. */
final class ParameterText {

  private ParameterText() {}

  /**
   * The parameters: {@code name=value} with commas between. What has no name belongs to the value
   * before it, so that a value may be a list.
   *
   * @throws IllegalArgumentException when a name is missing or comes twice
   */
  static Map<String, String> read(@Nullable String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (text == null || text.isBlank()) {
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
        throw new IllegalArgumentException("no name, or the same twice");
      }
      parameters.merge(name, part.substring(equals + 1).strip(), (list, next) -> list + "," + next);
    }
    return parameters;
  }
}
