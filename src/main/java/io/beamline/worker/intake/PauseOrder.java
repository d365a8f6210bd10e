package io.beamline.worker.intake;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What somebody wants of the intake, or why that cannot be. Immutable. */
sealed interface PauseOrder {

  /** The longest pause that ends by itself; a longer one is a slip of the pen. */
  Duration LONGEST = Duration.ofDays(365);

  /**
   * Take no more.
   *
   * @param until when the pause ends by itself, null for never
   * @param length the time from now to then, positive; null for never
   */
  record Stop(@Nullable Instant until, @Nullable Duration length) implements PauseOrder {}

  /** Take again. */
  record Go() implements PauseOrder {}

  /** Nothing: the request is wrong, as the sentence says. */
  record Fault(String sentence) implements PauseOrder {}

  /**
   * Reads a request.
   *
   * @param paused its {@code paused}: {@code true} or {@code false}
   * @param until its {@code until}: null, or an instant in ISO 8601 after now
   * @param now the wall clock, which is looked at here and never again
   */
  static PauseOrder of(@Nullable String paused, @Nullable String until, Instant now) {
    boolean stop = "true".equals(paused);
    if (!stop && !"false".equals(paused)) {
      return new Fault("paused must be there, and be true or false");
    }
    if (until == null) {
      return stop ? new Stop(null, null) : new Go();
    }
    return stop ? until(until, now) : new Fault("until goes with paused: true only");
  }

  private static PauseOrder until(String text, Instant now) {
    try {
      return until(Instant.parse(text), now);
    } catch (DateTimeException e) {
      return new Fault("until must be a time in ISO 8601, such as 2027-01-31T12:00:00Z");
    }
  }

  private static PauseOrder until(Instant until, Instant now) {
    if (!until.isAfter(now)) {
      return new Fault("until must be in the future: here it is " + now);
    }
    Duration length = Duration.between(now, until);
    return length.compareTo(LONGEST) > 0
        ? new Fault("until must be within 365 days; without it the pause lasts until it is ended")
        : new Stop(until, length);
  }
}
