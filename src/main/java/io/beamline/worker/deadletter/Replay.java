package io.beamline.worker.deadletter;

import io.beamline.worker.contract.DeadLetter.Reason;
import io.beamline.worker.contract.RouterRules;
import io.beamline.worker.contract.json.AssignmentDecoder;
import io.beamline.worker.contract.json.Decoded;
import io.beamline.worker.contract.json.Json;
import io.nats.client.impl.Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides whether a letter can be replayed, and makes the new assignment. Pure. */
sealed interface Replay {

  /** The headers that the letter has from its assignment, and passes on to the new one. */
  List<String> COPIED = List.of("trace_id", "tenant_id", "traceparent");

  /**
   * A new assignment to publish.
   *
   * @param assignmentId its id
   * @param oldId the id of the assignment it repeats
   * @param headers its headers; no value is empty
   * @param body its payload
   */
  record Ready(String assignmentId, String oldId, Headers headers, byte[] body) implements Replay {

    /** Returns the size of headers and payload in bytes, as the server counts it. */
    long size() {
      return (long) headers.serializedLength() + body.length;
    }
  }

  /**
   * The letter cannot be replayed.
   *
   * @param why the reason, a part of a sentence
   */
  record NotReplayable(String why) implements Replay {}

  /**
   * Returns the new assignment for a letter, or the reason why there is none.
   *
   * @param newId the id of the new assignment
   */
  static Replay of(Letter letter, String newId) {
    StoredDeadLetter content = letter.content();
    if (content == null) {
      return new NotReplayable("it is not a JSON object");
    }
    if (Reason.MALFORMED.wireName().equals(content.reason())) {
      return new NotReplayable("its original was never an assignment (malformed)");
    }
    if (content.truncated()) {
      return new NotReplayable("its original was cut");
    }
    return new AssignmentDecoder(type -> true).decode(content.original())
            instanceof Decoded.Valid(var assignment, var adjustments)
        ? of(letter, content.original(), assignment.assignmentId(), newId)
        : new NotReplayable("its original is not a valid assignment");
  }

  private static Replay of(Letter letter, byte[] original, String oldId, String newId) {
    byte[] body = ReplayEncoder.encode(original, oldId, newId);
    if (body.length > Json.MAX_MESSAGE_BYTES) {
      return new NotReplayable("with its new id it would be larger than an assignment may be");
    }
    Headers headers = new Headers();
    headers.put("Nats-Msg-Id", newId);
    put(headers, "x-replay-of", oldId);
    COPIED.forEach(name -> put(headers, name, letter.headers().get(name)));
    return new Ready(newId, oldId, headers, body);
  }

  private static void put(Headers headers, String name, @Nullable String value) {
    if (value != null && RouterRules.isHeaderValue(value) && !value.isBlank()) {
      headers.put(name, value);
    }
  }
}
