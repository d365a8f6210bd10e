package io.beamline.worker.block.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Reads the {@code Retry-After} header: seconds, or a date. Pure. */
final class RetryAfter {

  /** No answer makes a step wait longer. */
  static final Duration LONGEST = Duration.ofDays(1);

  private static final int MOST_DIGITS = 9;

  private RetryAfter() {}

  /**
   * The pause that the value asks for, from zero to {@link #LONGEST}; null when it says nothing.
   *
   * @param nowMillis the wall clock, milliseconds since the epoch
   */
  static @Nullable Duration parse(@Nullable String value, long nowMillis) {
    if (value == null || value.isBlank()) {
      return null;
    }
    String text = value.strip();
    Duration pause = isNumber(text) ? seconds(text) : until(text, nowMillis);
    if (pause == null || pause.compareTo(LONGEST) > 0) {
      return pause == null ? null : LONGEST;
    }
    return pause.isNegative() ? Duration.ZERO : pause;
  }

  private static boolean isNumber(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Duration seconds(String digits) {
    return digits.length() > MOST_DIGITS ? LONGEST : Duration.ofSeconds(Long.parseLong(digits));
  }

  private static @Nullable Duration until(String date, long nowMillis) {
    HttpHeaders header = new HttpHeaders();
    header.set(HttpHeaders.RETRY_AFTER, date);
    try {
      ZonedDateTime at = header.getFirstZonedDateTime(HttpHeaders.RETRY_AFTER);
      return at == null ? null : Duration.between(Instant.ofEpochMilli(nowMillis), at);
    } catch (IllegalArgumentException | DateTimeException e) {
      return null;
    }
  }
}
