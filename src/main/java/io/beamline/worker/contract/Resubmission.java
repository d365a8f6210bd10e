package io.beamline.worker.contract;

import io.beamline.worker.contract.JsonFields.Field;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes an assignment once more under a new id, because nothing is ever decided anew under the old
 * one (contract section 1). Everything else stays as it came; {@code metadata.replay_of} names the
 * old id, and takes the place of metadata that is no object. Pure.
 */
public final class Resubmission {

  /** The field of {@code metadata} that names the old id. */
  public static final String REPLAY_OF = "replay_of";

  private Resubmission() {}

  /** The largest assignment that a worker takes, in bytes. */
  public static int largest() {
    return Json.MAX_MESSAGE_BYTES;
  }

  /**
   * The assignment under another id, in UTF-8.
   *
   * @param assignment a valid assignment
   * @param oldId its id
   * @param newId the id it gets
   * @throws tools.jackson.core.JacksonException when it is no JSON object
   */
  public static byte[] encode(byte[] assignment, String oldId, String newId) {
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
