package io.beamline.worker.contract.json;

import io.beamline.worker.contract.RawJson;
import io.beamline.worker.contract.Utf8Text;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the known fields of a message into a draft, and skips all others. Used by one thread. */
final class AssignmentReader {

  private final JsonParser parser;
  private final byte[] message;
  private final AssignmentDraft draft;

  AssignmentReader(JsonParser parser, byte[] message, AssignmentDraft draft) {
    this.parser = parser;
    this.message = message;
    this.draft = draft;
  }

  /** Reads the outermost object. Moves the parser from the object's start to its end. */
  void readMessage() {
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken token = parser.nextToken();
      switch (name) {
        case "version" -> draft.version = text(token, "version");
        case "assignment_id" -> draft.assignmentId = text(token, "assignment_id");
        case "request_id" -> draft.requestId = text(token, "request_id");
        case "tenant_id" -> draft.tenantId = text(token, "tenant_id");
        case "executor" -> readExecutor(token);
        case "job" -> readJob(token);
        case "options" -> readOptions(token);
        case "correlation" -> readIds(token, "correlation", draft.correlation);
        case "metadata" -> readIds(token, "metadata", draft.metadata);
        default -> parser.skipChildren();
      }
    }
  }

  private void readExecutor(JsonToken token) {
    if (!requireObject(token, "executor")) {
      return;
    }
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken value = parser.nextToken();
      switch (name) {
        case "provider_id" -> draft.providerId = text(value, "executor.provider_id");
        case "channel" -> draft.channel = text(value, "executor.channel");
        default -> parser.skipChildren();
      }
    }
  }

  private void readJob(JsonToken token) {
    if (!requireObject(token, "job")) {
      return;
    }
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken value = parser.nextToken();
      switch (name) {
        case "type" -> draft.jobType = text(value, "job.type");
        case "payload" -> readPayload(value);
        case "payload_ref" -> {
          draft.hasPayloadRef = value != JsonToken.VALUE_NULL;
          parser.skipChildren();
        }
        default -> parser.skipChildren();
      }
    }
  }

  private void readPayload(JsonToken token) {
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    if (token != JsonToken.START_OBJECT) {
      draft.addFault("job.payload is not an object");
      parser.skipChildren();
      return;
    }
    int from = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    int to = (int) parser.currentLocation().getByteOffset();
    draft.payload = new RawJson(new Utf8Text(message, from, to - from));
  }

  private void readOptions(JsonToken token) {
    if (token != JsonToken.START_OBJECT) {
      skipWrongType(token, "options");
      return;
    }
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken value = parser.nextToken();
      switch (name) {
        case "priority" -> draft.priority = option(value, OptionRange.PRIORITY);
        case "deadline_ms" -> draft.deadlineMs = option(value, OptionRange.DEADLINE_MS);
        case "retry" -> readRetry(value);
        default -> parser.skipChildren();
      }
    }
  }

  private void readRetry(JsonToken token) {
    if (token != JsonToken.START_OBJECT) {
      skipWrongType(token, "options.retry");
      return;
    }
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken value = parser.nextToken();
      switch (name) {
        case "max_attempts" -> draft.maxAttempts = option(value, OptionRange.MAX_ATTEMPTS);
        case "backoff_ms" -> draft.backoffMs = option(value, OptionRange.BACKOFF_MS);
        default -> parser.skipChildren();
      }
    }
  }

  private void readIds(JsonToken token, String where, CorrelationDraft ids) {
    if (token != JsonToken.START_OBJECT) {
      skipWrongType(token, where);
      return;
    }
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken value = parser.nextToken();
      if (value == JsonToken.VALUE_STRING) {
        ids.put(name, parser.getString());
      } else {
        parser.skipChildren();
      }
    }
  }

  private int option(JsonToken token, OptionRange range) {
    if (!token.isNumeric()) {
      skipWrongType(token, range.fieldName());
      return range.defaultValue();
    }
    return range.read(parser.getString(), draft);
  }

  /** Returns whether the value is an object. If it is none, adds a fault and skips the value. */
  private boolean requireObject(JsonToken token, String name) {
    if (token == JsonToken.START_OBJECT) {
      return true;
    }
    draft.addFault(name + " is not an object");
    parser.skipChildren();
    return false;
  }

  private @Nullable String text(JsonToken token, String name) {
    if (token == JsonToken.VALUE_STRING) {
      return parser.getString();
    }
    if (token != JsonToken.VALUE_NULL) {
      draft.addFault(name + " is not a string");
    }
    parser.skipChildren();
    return null;
  }

  /** Skips an optional value of a wrong type. It is no fault, but logged unless it is null. */
  private void skipWrongType(JsonToken token, String name) {
    if (token != JsonToken.VALUE_NULL) {
      draft.addAdjustment(name + " has a wrong type and was ignored");
    }
    parser.skipChildren();
  }
}
