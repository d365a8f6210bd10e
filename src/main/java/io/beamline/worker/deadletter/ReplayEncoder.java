package io.beamline.worker.deadletter;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.json.JsonFields;
import io.beamline.worker.contract.json.JsonFields.Field;
import io.beamline.worker.contract.json.JsonWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes an assignment again under a new id, because the Router keeps only the first answers to an
 * id (contract section 1). {@code metadata.replay_of} names the old id; every other field stays as
 * it came. Pure.
 */
final class ReplayEncoder {

  /** The field of {@code metadata} that names the old id. */
  private static final String REPLAY_OF = "replay_of";

  private ReplayEncoder() {}

  /**
   * Returns the assignment with the new id, in UTF-8. {@code metadata} that is no object is
   * replaced.
   *
   * @param assignment a valid assignment
   * @param oldId the assignment's id
   * @param newId the id of the replay
   * @throws tools.jackson.core.JacksonException when the assignment is no JSON object
   */
  static byte[] encode(byte[] assignment, String oldId, String newId) {
    Map<String, Field> fields = JsonFields.of(new RawJson(assignment));
    Field metadata = fields.remove("metadata");
    fields.put("assignment_id", new Field.Unescaped(newId));
    return JsonWriter.object(
        out -> {
          fields.forEach(out::field);
          out.object("metadata", inner -> writeMetadata(inner, metadata, oldId));
        });
  }

  private static void writeMetadata(JsonWriter json, @Nullable Field old, String oldId) {
    if (old instanceof Field.Raw(RawJson object) && object.isObject()) {
      Map<String, Field> fields = JsonFields.of(object);
      fields.remove(REPLAY_OF);
      fields.forEach(json::field);
    }
    json.text(REPLAY_OF, oldId);
  }
}
