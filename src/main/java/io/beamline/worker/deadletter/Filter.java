package io.beamline.worker.deadletter;

import io.beamline.worker.contract.DeadLetter.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which letters are meant. Pure.
 *
 * @param reason the only reason that counts; null for every one
 * @param since the oldest that counts; null for all
 */
record Filter(@Nullable Reason reason, @Nullable Instant since) {

  /** Whether a letter is meant. */
  boolean matches(Letter letter) {
    return (reason == null || reason.wireName().equals(letter.reason()))
        && (since == null || !letter.time().isBefore(since));
  }
}
