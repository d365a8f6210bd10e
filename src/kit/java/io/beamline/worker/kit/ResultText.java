package io.beamline.worker.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.json.Json;
import io.beamline.worker.contract.json.JsonFields;
import io.beamline.worker.contract.json.JsonWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Writes outputs as a result has them, and checks that they can be one. Pure. */
final class ResultText {

  private ResultText() {}

  /**
   * Returns the outputs in JSON, and closes them.
   *
   * @throws AssertionError if they are no JSON object, or larger than the limit
   */
  static String of(@Nullable Outputs outputs, int maxBytes) {
    if (outputs == null) {
      throw new AssertionError("The block returned null instead of outputs");
    }
    try (outputs) {
      byte[] json = write(outputs);
      if (json.length > maxBytes) {
        throw new AssertionError(
            "The outputs have %d bytes, more than %d".formatted(json.length, maxBytes));
      }
      check(new RawJson(json));
      return new String(json, UTF_8);
    }
  }

  private static byte[] write(Outputs outputs) {
    return switch (outputs) {
      case Outputs.RawObject(RawJson object) -> object.text().getBytes(UTF_8);
      case Outputs.Metered metered -> write(metered.outputs());
      case Outputs.Fields fields -> JsonWriter.object(json -> writeAll(json, fields.values()));
    };
  }

  private static void writeAll(JsonWriter json, Map<String, ?> values) {
    values.forEach(json::value);
  }

  private static void check(RawJson json) {
    try {
      Map<String, ?> unused =
          json.utf8().length() > Json.MAX_MESSAGE_BYTES
              ? JsonFields.ofDeadLetter(json)
              : JsonFields.of(json);
    } catch (JacksonException e) {
      throw new AssertionError("The outputs are no JSON object: " + e.getOriginalMessage(), e);
    }
  }
}
