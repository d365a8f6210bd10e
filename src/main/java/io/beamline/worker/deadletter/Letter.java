package io.beamline.worker.deadletter;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter in its stream. Immutable.
 *
 * @param sequence its sequence number in the stream, which operators use as its ID
 * @param time when the server stored it
 * @param headers the first value of each header
 * @param content its payload; null when that is no JSON object
 */
record Letter(
    long sequence, Instant time, Map<String, String> headers, @Nullable StoredDeadLetter content) {

  /** Returns the reason on the wire; null when there is none. */
  @Nullable String reason() {
    return content == null ? null : content.reason();
  }

  /** Returns the id of its assignment; null when there is none. */
  @Nullable String assignmentId() {
    return content == null ? null : content.assignmentId();
  }
}
