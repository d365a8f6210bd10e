package io.beamline.worker.result;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an assignment ends with once its ack is stored. Both are published at once, so that the
 * Router does not wait for the dead letter. Immutable.
 *
 * @param result the result, null for a rejection without one
 * @param deadLetter what operators get beside it, null for none
 */
record Ending(@Nullable Outgoing result, @Nullable Outgoing deadLetter) {

  /** The result as it was written; null when there is none. */
  byte @Nullable [] resultBody() {
    return result == null ? null : result.body();
  }

  /** What there is to publish. */
  List<Outgoing> messages() {
    if (deadLetter == null) {
      return result == null ? List.of() : List.of(result);
    }
    return result == null ? List.of(deadLetter) : List.of(result, deadLetter);
  }
}
