package io.beamline.worker.intake;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A request to pause or resume the intake, or what is wrong with it. Immutable. */
sealed interface PauseOrder {

  /** The longest pause that ends by itself; a longer one is probably a typing error. */
  Duration LONGEST = Duration.ofDays(365);

  /**
   * Pause the intake.
   *
   * @param until when the pause ends by itself, null for never
   * @param length the time from now to then, positive; null for never
   */
  record Stop(@Nullable Instant until, @Nullable Duration length) implements PauseOrder {}

  /** Resume the intake. */
  record Go() implements PauseOrder {}

  /** The request is wrong, as the sentence says; nothing changes. */
  record Fault(String sentence) implements PauseOrder {}

  /**
   * Reads a request.
   *
   * @param paused its {@code paused}: {@code true} or {@code false}
   * @param until its {@code until}: null, or an instant in ISO 8601 after now
   * @param now the wall clock; it is used only here
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
