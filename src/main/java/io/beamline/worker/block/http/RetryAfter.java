package io.beamline.worker.block.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Parses the {@code Retry-After} header: seconds, or a date. Stateless. */
final class RetryAfter {

  /** The longest pause; a longer one is cut to it. */
  static final Duration MAX = Duration.ofDays(1);

  private static final int MAX_DIGITS = 9;

  private RetryAfter() {}

  /**
   * Returns the pause, from zero to {@link #MAX}, or null if the value is absent or not valid.
   *
   * @param nowMillis the wall clock, milliseconds since the epoch
   */
  static @Nullable Duration parse(@Nullable String value, long nowMillis) {
    if (value == null || value.isBlank()) {
      return null;
    }
    String text = value.strip();
    Duration pause = isNumber(text) ? seconds(text) : until(text, nowMillis);
    if (pause == null || pause.compareTo(MAX) > 0) {
      return pause == null ? null : MAX;
    }
    return pause.isNegative() ? Duration.ZERO : pause;
  }

  private static boolean isNumber(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Duration seconds(String digits) {
    return digits.length() > MAX_DIGITS ? MAX : Duration.ofSeconds(Long.parseLong(digits));
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
