package io.beamline.worker.contract;

import io.beamline.worker.contract.JsonFields.Field;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A flag's state as the fleet shares it, and who made it. Immutable.
 *
 * @param enabled whether the flag is on
 * @param strategy the id of the strategy by which it is on for a share only; null for none
 * @param parameters the strategy's
 * @param user who made it; empty when it is not known
 * @param worker on which worker; empty when it is not known
 */
public record FlagRecord(
    boolean enabled,
    @Nullable String strategy,
    Map<String, String> parameters,
    String user,
    String worker) {

  /** Copies the parameters. */
  public FlagRecord {
    parameters = Map.copyOf(parameters);
  }

  /** As JSON. */
  public String json() {
    byte[] text =
        JsonWriter.object(
            json ->
                json.flag("enabled", enabled)
                    .text("strategy", strategy)
                    .object("parameters", inner -> parameters.forEach(inner::text))
                    .text("user", user)
                    .text("worker", worker));
    return new String(text, StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #json} wrote, or an operator by hand: only {@code enabled} is required.
   *
   * @throws IllegalArgumentException when it cannot be read, with the reason as half a sentence
   */
  public static FlagRecord of(String json) {
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

  /** A number is taken for its text, as nobody would quote a percentage. */
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
