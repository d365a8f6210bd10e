package io.beamline.worker.deadletter;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the times that an operator gives, on the command line and over HTTP. Pure. */
public final class LetterTime {

  /** What a time may be, a part of a sentence. */
  public static final String RULE =
      "a time such as 2026-11-26T10:00:00Z, or how long ago: 30m, 2h, 7d";

  private static final Pattern AGO = Pattern.compile("([0-9]{1,9})([smhd])");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "s", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS,
          "d", ChronoUnit.DAYS);

  private LetterTime() {}

  /**
   * Returns the time, which is never before 1970. Returns null if the text is none.
   *
   * @param text a time such as {@code 2026-11-26T10:00:00Z}, or a duration before now such as
   *     {@code 2h}
   * @param now the current time
   */
  public static @Nullable Instant parse(String text, Instant now) {
    try {
      Matcher ago = AGO.matcher(text);
      Instant time =
          ago.matches()
              ? now.minus(Duration.of(Long.parseLong(ago.group(1)), unit(ago.group(2))))
              : Instant.parse(text);
      return time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time;
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static ChronoUnit unit(String letter) {
    return UNITS.getOrDefault(letter, ChronoUnit.SECONDS);
  }
}
