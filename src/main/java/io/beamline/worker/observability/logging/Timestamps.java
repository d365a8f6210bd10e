package io.beamline.worker.observability.logging;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Formats instants as ISO 8601 in UTC with microseconds. Thread-safe: its only state is one
 * volatile reference to an immutable record.
 */
final class Timestamps {

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
  private static final int NANOS_PER_MICRO = 1_000;

  private volatile FormattedSecond last = FormattedSecond.of(0);

  /** Caches the text of the last second, because several lines often share it. */
  private record FormattedSecond(long epochSecond, String text) {
    static FormattedSecond of(long epochSecond) {
      LocalDateTime utc = LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC);
      return new FormattedSecond(epochSecond, SECONDS.format(utc));
    }
  }

  /** Returns text such as {@code 2026-11-23T15:04:05.000123Z}. */
  String format(Instant instant) {
    FormattedSecond second = last;
    if (second.epochSecond != instant.getEpochSecond()) {
      second = FormattedSecond.of(instant.getEpochSecond());
      last = second;
    }
    String micros = Integer.toString(1_000_000 + instant.getNano() / NANOS_PER_MICRO);
    return second.text + '.' + micros.substring(1) + 'Z';
  }
}
