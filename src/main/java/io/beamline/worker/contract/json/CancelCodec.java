package io.beamline.worker.contract.json;

import io.beamline.worker.contract.AssignmentRules;
import io.beamline.worker.contract.CancelFault;
import io.beamline.worker.contract.CancelMessage;
import io.beamline.worker.contract.CancelRequest;
import io.beamline.worker.contract.CancelTarget;
import io.beamline.worker.contract.CancelTarget.IdKind;
import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.json.JsonFields.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Reads and writes requests to cancel (contract section 2, CancelRequest). Pure. */
public final class CancelCodec {

  private CancelCodec() {}

  /** Writes a request as JSON in UTF-8. */
  public static byte[] encode(CancelRequest request) {
    CancelTarget target = request.target();
    return JsonWriter.object(
        json ->
            json.text("version", MessageEncoder.VERSION)
                .text("tenant_id", target.tenantId())
                .text(target.kind().wireName(), target.id())
                .text("reason", request.reason())
                .text("requested_by", request.requestedBy())
                .optional("requested_at", request.requestedAt()));
  }

  /**
   * Reads a message. Bad input is part of the result, never an exception.
   *
   * @param message any bytes
   */
  public static CancelMessage decode(byte[] message) {
    if (message.length > Json.MAX_MESSAGE_BYTES) {
      return new CancelFault("the message is larger than " + Json.MAX_MESSAGE_BYTES + " bytes");
    }
    String fault = Json.faultOfEncoding(message);
    if (fault != null) {
      return new CancelFault(fault);
    }
    try {
      return request(JsonFields.of(new RawJson(message)));
    } catch (JacksonException e) {
      return new CancelFault("the message is not a JSON object, or has a duplicate key");
    } catch (InvalidFieldException e) {
      return new CancelFault(String.valueOf(e.getMessage()));
    }
  }

  private static CancelRequest request(Map<String, Field> fields) throws InvalidFieldException {
    String version = text(fields, "version");
    require("1".equals(version), version == null ? "version is missing" : "version is not \"1\"");
    String tenantId = text(fields, "tenant_id");
    if (tenantId == null || !AssignmentRules.isTenantId(tenantId)) {
      throw new InvalidFieldException("tenant_id is missing or not 1 to 256 bytes of UTF-8");
    }
    CancelTarget target = target(fields, tenantId);
    return new CancelRequest(
        target,
        printable(fields, "reason"),
        printable(fields, "requested_by"),
        millis(fields.get("requested_at")));
  }

  private static CancelTarget target(Map<String, Field> fields, String tenantId)
      throws InvalidFieldException {
    List<CancelTarget> targets = new ArrayList<>();
    for (IdKind kind : IdKind.values()) {
      String id = text(fields, kind.wireName());
      if (id != null) {
        require(isId(kind, id), kind.wireName() + " breaks its rule");
        targets.add(new CancelTarget(tenantId, kind, id));
      }
    }
    require(targets.size() == 1, "it has not exactly one of assignment_id, run_id and flow_id");
    return targets.getFirst();
  }

  private static boolean isId(IdKind kind, String id) {
    return kind == IdKind.ASSIGNMENT_ID
        ? AssignmentRules.isId(id)
        : AssignmentRules.isRequestId(id);
  }

  private static @Nullable String printable(Map<String, Field> fields, String name)
      throws InvalidFieldException {
    String text = text(fields, name);
    require(
        text == null || CancelRequest.isPrintable(text),
        name + " is not at most " + CancelRequest.MAX_TEXT_LENGTH + " printable characters");
    return text;
  }

  private static @Nullable Long millis(@Nullable Field field) throws InvalidFieldException {
    if (field == null) {
      return null;
    }
    Long millis =
        field instanceof Field.Raw(RawJson json) ? JsonFields.wholeNumber(json.text()) : null;
    require(millis != null && millis >= 0, "requested_at is no time in ms since the epoch");
    return millis;
  }

  private static @Nullable String text(Map<String, Field> fields, String name)
      throws InvalidFieldException {
    return switch (fields.get(name)) {
      case null -> null;
      case Field.Text text -> text.value();
      case Field.Raw other -> throw new InvalidFieldException(name + " is not a string");
    };
  }

  private static void require(boolean holds, String fault) throws InvalidFieldException {
    if (!holds) {
      throw new InvalidFieldException(fault);
    }
  }

  /** A field breaks its rule; the message is the fault. */
  private static final class InvalidFieldException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidFieldException(String fault) {
      super(fault, null, false, false);
    }
  }
}
