package io.beamline.worker.destination.control;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.json.JsonFields;
import io.beamline.worker.contract.json.JsonFields.Field;
import io.beamline.worker.contract.json.JsonWriter;
import io.beamline.worker.destination.ForcedState;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What an operator wants of a destination, as the store keeps it. Immutable.
 *
 * @param destination the destination's name
 * @param state {@code OPEN} or {@code CLOSED}
 * @param user who wants it; empty when unknown
 * @param worker the id of the worker that was told; empty when unknown
 */
record ForcedRecord(String destination, ForcedState state, String user, String worker) {

  /** Returns the record as a JSON object. */
  String json() {
    byte[] text =
        JsonWriter.object(
            json ->
                json.text("destination", destination)
                    .text("state", state.wireName())
                    .text("user", user)
                    .text("worker", worker));
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Reads what {@link #json} or an operator wrote. Returns null if the text is no such record. */
  static @Nullable ForcedRecord of(String json) {
    Map<String, Field> fields;
    try {
      fields = JsonFields.of(new RawJson(json));
    } catch (JacksonException e) {
      return null;
    }
    String destination = text(fields, "destination");
    ForcedState state = ForcedState.of(text(fields, "state"));
    return destination.isEmpty() || state == null || state == ForcedState.AUTO
        ? null
        : new ForcedRecord(destination, state, text(fields, "user"), text(fields, "worker"));
  }

  private static String text(Map<String, Field> fields, String name) {
    return fields.get(name) instanceof Field.Text text ? text.value() : "";
  }
}
