package io.beamline.worker.command;

import io.beamline.worker.deadletter.LetterTime;
import java.time.Instant;

/** Parses the value of {@code --since}. Pure. */
final class Since {

  private Since() {}

  /**
   * Returns the time, which is never before 1970.
   *
   * @param text a time such as {@code 2026-11-26T10:00:00Z}, or a duration before now such as
   *     {@code 2h}
   * @param now the current time
   * @throws UsageException when the text is neither
   */
  static Instant parse(String text, Instant now) throws UsageException {
    Instant time = LetterTime.parse(text, now);
    if (time == null) {
      throw new UsageException("--since is '" + text + "', but must be " + LetterTime.RULE);
    }
    return time;
  }
}
