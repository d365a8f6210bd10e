package io.beamline.worker.feature;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.json.JsonFields;
import io.beamline.worker.contract.json.JsonFields.Field;
import io.beamline.worker.contract.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A flag's state as the bucket stores it for the fleet, and who set it. Immutable.
 *
 * @param enabled whether the flag is on
 * @param strategy the id of the strategy that selects the assignments it is on for; null when it is
 *     on for all
 * @param parameters the strategy's parameters, by name
 * @param user who set the flag; empty when unknown
 * @param worker the id of the worker it was set on; empty when unknown
 */
record FlagRecord(
    boolean enabled,
    @Nullable String strategy,
    Map<String, String> parameters,
    String user,
    String worker) {

  /** Copies the parameters. */
  FlagRecord {
    parameters = Map.copyOf(parameters);
  }

  /** Returns the record as a JSON object. */
  String json() {
    byte[] text =
        JsonWriter.object(
            json ->
                json.flag("enabled", enabled)
                    .text("strategy", strategy)
                    .object("parameters", inner -> parameters.forEach(inner::value))
                    .text("user", user)
                    .text("worker", worker));
    return new String(text, StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #json} or an operator wrote. Only {@code enabled} is required; unknown fields
   * are ignored.
   *
   * @throws IllegalArgumentException when the text is no such record; the message gives the reason
   *     as a clause, such as "strategy is no string"
   */
  static FlagRecord of(String json) {
    Map<String, Field> fields = fields(new RawJson(json));
    return new FlagRecord(
        enabled(fields.get("enabled")),
        text(fields, "strategy"),
        parameters(fields.get("parameters")),
        orEmpty(text(fields, "user")),
        orEmpty(text(fields, "worker")));
  }

  private static Map<String, Field> fields(RawJson object) {
    try {
      return JsonFields.of(object);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("it is no JSON object", e);
    }
  }

  private static boolean enabled(@Nullable Field field) {
    return switch (field instanceof Field.Raw(RawJson json) ? json.text() : "") {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("enabled is neither true nor false");
    };
  }

  private static @Nullable String text(Map<String, Field> fields, String name) {
    Field field = fields.get(name);
    if (field instanceof Field.Raw) {
      throw new IllegalArgumentException(name + " is no string");
    }
    return field instanceof Field.Text text ? text.value() : null;
  }

  /** Accepts numbers as well as strings, because few people quote a percentage. */
  private static Map<String, String> parameters(@Nullable Field field) {
    Map<String, String> parameters = new LinkedHashMap<>();
    switch (field) {
      case null -> {}
      case Field.Text text -> throw new IllegalArgumentException("parameters is no object");
      case Field.Raw(RawJson object) ->
          fields(object)
              .forEach(
                  (name, value) ->
                      parameters.put(
                          name,
                          switch (value) {
                            case Field.Text text -> text.value();
                            case Field.Raw(RawJson json) -> json.text();
                          }));
    }
    return parameters;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
