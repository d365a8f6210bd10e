package io.beamline.worker.deadletter;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter in its stream. Immutable.
 *
 * @param sequence its number, by which operators name it
 * @param time when the server took it
 * @param headers its headers, each with its first value
 * @param content what it says; null when it is no JSON object
 */
record Letter(
    long sequence, Instant time, Map<String, String> headers, @Nullable StoredDeadLetter content) {

  /** Why it is one; null when it does not say. */
  @Nullable String reason() {
    return content == null ? null : content.reason();
  }

  /** The assignment that it is about; null when none is known. */
  @Nullable String assignmentId() {
    return content == null ? null : content.assignmentId();
  }
}
