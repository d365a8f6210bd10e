package io.beamline.worker.contract;

import io.beamline.worker.contract.JsonFields.Field;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * A dead letter as it is read again (contract section 7). Anybody may have written it: each field
 * is null where it is absent or has a wrong type. Immutable but for the bytes, which nobody
 * changes.
 *
 * @param json the whole letter
 * @param reason why it is one, by its wire name
 * @param assignmentId the assignment
 * @param tenantId the tenant
 * @param jobType the job's type
 * @param errorCode the error's name
 * @param errorMessage the error's message
 * @param original the original's bytes; empty when there are none
 * @param encoded whether the original stood there in base64, because it is no JSON object
 * @param truncated whether the original was cut
 */
public record StoredDeadLetter(
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

  /** Reads a letter; null when the message is no JSON object. */
  public static @Nullable StoredDeadLetter read(byte[] message) {
    if (Json.faultOfEncoding(message) != null) {
      return null;
    }
    RawJson json = new RawJson(message);
    try {
      return of(json, JsonFields.of(json, Json.STORED));
    } catch (JacksonException e) {
      return null;
    }
  }

  /** The letter without its original, for those who show that apart. */
  public RawJson withoutOriginal() {
    Map<String, Field> fields = JsonFields.of(json, Json.STORED);
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
        ? text(JsonFields.of(job, Json.STORED), "type")
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
