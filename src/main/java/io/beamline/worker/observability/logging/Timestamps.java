package io.beamline.worker.observability.logging;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Writes instants as ISO 8601 in UTC with microseconds. Thread-safe. */
final class Timestamps {

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
  private static final int NANOS_PER_MICRO = 1_000;

  private volatile Second last = Second.of(0);

  /** A second and its text: lines come in bunches. */
  private record Second(long epochSecond, String text) {
    static Second of(long epochSecond) {
      LocalDateTime utc = LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC);
      return new Second(epochSecond, SECONDS.format(utc));
    }
  }

  /** Such as {@code 2026-11-23T15:04:05.000123Z}. */
  String format(Instant instant) {
    Second second = last;
    if (second.epochSecond != instant.getEpochSecond()) {
      second = Second.of(instant.getEpochSecond());
      last = second;
    }
    String micros = Integer.toString(1_000_000 + instant.getNano() / NANOS_PER_MICRO);
    return second.text + '.' + micros.substring(1) + 'Z';
  }
}
