package io.beamline.worker.block.sql;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns dates and times, as databases write them, into ISO 8601 with all their digits. What has no
 * such form, such as {@code infinity}, stays as it is. Pure.
 */
final class TimeText {

  private static final Pattern DATE_TIME =
      Pattern.compile(
          "(\\d{4,})-(\\d\\d)-(\\d\\d)(?: (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?)([+-]\\d\\d(?::\\d\\d)*)?)?( BC)?");
  private static final Pattern TIME_WITH_ZONE =
      Pattern.compile("(\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?)([+-]\\d\\d(?::\\d\\d)*)");
  private static final int FOUR_DIGITS = 9_999;

  private TimeText() {}

  /** Returns a date, or a date with a time and no zone. */
  static String local(String text) {
    return dateTime(text, "");
  }

  /** Returns a moment in UTC. A text without an offset is in UTC already. */
  static String instant(String text) {
    return dateTime(text, "Z");
  }

  /** Returns a time of the day with its offset. */
  static String timeWithZone(String text) {
    Matcher parts = TIME_WITH_ZONE.matcher(text);
    return parts.matches() ? parts.group(1) + offset(parts.group(2)) : text;
  }

  private static String dateTime(String text, String zoneWhenAbsent) {
    Matcher parts = DATE_TIME.matcher(text);
    if (!parts.matches()) {
      return text;
    }
    String date = date(parts.group(1), parts.group(2), parts.group(3), parts.group(6) != null);
    if (parts.group(4) == null) {
      return date;
    }
    String offset = parts.group(5) == null ? zoneWhenAbsent : offset(parts.group(5));
    String whole = date + "T" + parts.group(4) + offset;
    return offset.isEmpty() || offset.equals("Z") ? whole : inUtc(whole);
  }

  private static String date(String year, String month, String day, boolean beforeChrist) {
    int number = Integer.parseInt(year);
    int proleptic = beforeChrist ? 1 - number : number;
    String sign = proleptic < 0 ? "-" : proleptic > FOUR_DIGITS ? "+" : "";
    return sign + "%04d".formatted(Math.abs(proleptic)) + "-" + month + "-" + day;
  }

  private static String offset(String text) {
    String whole = text.length() == 3 ? text + ":00" : text;
    return whole.matches("[+-]00:00(:00)?") ? "Z" : whole;
  }

  /** The session is in UTC, so that this is for servers that keep to another zone. */
  private static String inUtc(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant().toString();
    } catch (DateTimeException e) {
      return text;
    }
  }
}
