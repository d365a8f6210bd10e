package io.beamline.worker.deadletter;

import io.beamline.worker.contract.DeadLetter.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Selects letters. Immutable.
 *
 * @param reason the reason of the selected letters; null for any reason
 * @param since the earliest time of a selected letter; null for any time
 */
public record LetterFilter(@Nullable Reason reason, @Nullable Instant since) {

  /** Returns whether the filter selects a letter. */
  boolean matches(Letter letter) {
    return (reason == null || reason.wireName().equals(letter.reason()))
        && (since == null || !letter.time().isBefore(since));
  }
}
