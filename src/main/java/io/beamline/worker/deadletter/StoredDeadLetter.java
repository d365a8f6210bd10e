package io.beamline.worker.deadletter;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.json.Json;
import io.beamline.worker.contract.json.JsonFields;
import io.beamline.worker.contract.json.JsonFields.Field;
import io.beamline.worker.contract.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A dead letter as it is read from the stream (contract section 7). Anybody may have published it:
 * a field is null when it is absent or has a wrong type. Immutable; nobody changes the bytes.
 *
 * @param json the whole letter
 * @param reason the wire name of the reason
 * @param assignmentId the assignment's id
 * @param tenantId the tenant's id
 * @param jobType the job's type
 * @param errorCode the error's name
 * @param errorMessage the error's message
 * @param original the original message; empty when the letter has none
 * @param encoded whether the letter holds the original in base64
 * @param truncated whether the original was cut
 */
record StoredDeadLetter(
    RawJson json,
    @Nullable String reason,
    @Nullable String assignmentId,
    @Nullable String tenantId,
    @Nullable String jobType,
    @Nullable String errorCode,
    @Nullable String errorMessage,
    byte[] original,
    boolean encoded,
    boolean truncated) {

  /** Reads a letter. Returns null when the message is no JSON object. */
  static @Nullable StoredDeadLetter read(byte[] message) {
    if (Json.faultOfEncoding(message) != null) {
      return null;
    }
    RawJson json = new RawJson(message);
    try {
      return of(json, JsonFields.ofDeadLetter(json));
    } catch (JacksonException e) {
      return null;
    }
  }

  /** Returns the letter without its original, which is shown separately. */
  RawJson withoutOriginal() {
    Map<String, Field> fields = JsonFields.ofDeadLetter(json);
    fields.remove("original");
    return new RawJson(JsonWriter.object(out -> fields.forEach(out::field)));
  }

  private static StoredDeadLetter of(RawJson json, Map<String, Field> fields) {
    boolean encoded = "base64".equals(text(fields, "original_encoding"));
    return new StoredDeadLetter(
        json,
        text(fields, "reason"),
        text(fields, "assignment_id"),
        text(fields, "tenant_id"),
        jobType(fields),
        text(fields, "error_code"),
        text(fields, "error_message"),
        original(fields.get("original"), encoded),
        encoded,
        fields.get("truncated") instanceof Field.Raw(RawJson flag) && flag.text().equals("true"));
  }

  private static @Nullable String jobType(Map<String, Field> fields) {
    return fields.get("job") instanceof Field.Raw(RawJson job) && job.isObject()
        ? text(JsonFields.ofDeadLetter(job), "type")
        : null;
  }

  private static byte[] original(@Nullable Field field, boolean encoded) {
    return switch (field) {
      case Field.Raw(RawJson json) -> json.text().getBytes(StandardCharsets.UTF_8);
      case Field.Text text when encoded -> decoded(text.value());
      case Field.Text text -> text.value().getBytes(StandardCharsets.UTF_8);
      case null -> new byte[0];
    };
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static @Nullable String text(Map<String, Field> fields, String name) {
    return fields.get(name) instanceof Field.Text text ? text.value() : null;
  }
}
