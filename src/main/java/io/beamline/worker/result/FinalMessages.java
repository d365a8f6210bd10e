package io.beamline.worker.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages that end an assignment after its ack is confirmed. Both are published at the same
 * time, so that the Router does not wait for the dead letter. Immutable.
 *
 * @param result the result, null for a rejection without a result
 * @param deadLetter the dead letter, null for none
 */
record FinalMessages(@Nullable OutgoingMessage result, @Nullable OutgoingMessage deadLetter) {

  /** Returns the JSON of the result, or null if there is no result. */
  byte @Nullable [] resultBody() {
    return result == null ? null : result.body();
  }

  /** Returns the messages to publish, at most two. */
  List<OutgoingMessage> messages() {
    if (deadLetter == null) {
      return result == null ? List.of() : List.of(result);
    }
    return result == null ? List.of(deadLetter) : List.of(result, deadLetter);
  }
}
