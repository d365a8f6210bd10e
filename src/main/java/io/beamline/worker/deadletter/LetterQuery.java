package io.beamline.worker.deadletter;

import io.beamline.worker.contract.DeadLetter.Reason;
import io.beamline.worker.contract.ErrorCode;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which letters a request over HTTP is about. Immutable.
 *
 * @param filter selects them
 * @param limit the most letters, 1 to {@link #MAX_LIMIT}
 * @param from the lowest number in the stream, 1 or more
 * @param to the highest number
 * @param newestFirst whether the letters with the highest numbers come first
 */
record LetterQuery(LetterFilter filter, int limit, long from, long to, boolean newestFirst) {

  /** The most letters of one answer. */
  static final int MAX_LIMIT = 1_000;

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  /**
   * Reads the parameters of a request.
   *
   * @param given the value of each parameter by its name; a missing or null one selects all
   * @param usualLimit the limit if there is none
   * @param now the time from which {@code since} and {@code until} may count back
   * @throws LetterRequestException when a value is not valid; the sentence names the parameter
   */
  static LetterQuery of(Map<String, @Nullable String> given, int usualLimit, Instant now)
      throws LetterRequestException {
    LetterFilter filter =
        new LetterFilter(
            reason(given.get("reason")),
            text(given, "tenant_id"),
            text(given, "type"),
            code(given.get("code")),
            time(given, "since", now),
            time(given, "until", now));
    return new LetterQuery(
        filter,
        (int) number(given, "limit", usualLimit, MAX_LIMIT),
        number(given, "from", 1, Long.MAX_VALUE),
        number(given, "to", Long.MAX_VALUE, Long.MAX_VALUE),
        isNewestFirst(given.get("order")));
  }

  /**
   * Returns the number of a letter.
   *
   * @throws LetterRequestException when the text is none
   */
  static long sequence(String text) throws LetterRequestException {
    return number(Map.of("sequence", text), "sequence", 0, Long.MAX_VALUE);
  }

  private static long number(
      Map<String, @Nullable String> given, String name, long usual, long most)
      throws LetterRequestException {
    String text = given.get(name);
    if (text == null) {
      return usual;
    }
    long number = NUMBER.matcher(text).matches() ? Long.parseLong(text) : 0;
    if (number < 1 || number > most) {
      throw LetterRequestException.invalid(
          name + " must be a whole number from 1" + (most == Long.MAX_VALUE ? "" : " to " + most));
    }
    return number;
  }

  private static @Nullable Reason reason(@Nullable String text) throws LetterRequestException {
    if (text == null) {
      return null;
    }
    Reason reason = Reason.of(text);
    if (reason == null) {
      throw LetterRequestException.invalid("reason must be one of " + Reason.names());
    }
    return reason;
  }

  /** A misspelt code would select nothing, as if there were nothing to do. */
  private static @Nullable String code(@Nullable String text) throws LetterRequestException {
    if (text == null || Stream.of(ErrorCode.values()).anyMatch(code -> code.name().equals(text))) {
      return text;
    }
    throw LetterRequestException.invalid(
        "code must be the name of an error code, such as " + ErrorCode.NETWORK_ERROR);
  }

  private static @Nullable String text(Map<String, @Nullable String> given, String name)
      throws LetterRequestException {
    String text = given.get(name);
    if (text != null && text.isBlank()) {
      throw LetterRequestException.invalid(name + " must not be empty");
    }
    return text;
  }

  private static @Nullable Instant time(
      Map<String, @Nullable String> given, String name, Instant now) throws LetterRequestException {
    String text = given.get(name);
    if (text == null) {
      return null;
    }
    Instant time = LetterTime.parse(text, now);
    if (time == null) {
      throw LetterRequestException.invalid(name + " must be " + LetterTime.RULE);
    }
    return time;
  }

  private static boolean isNewestFirst(@Nullable String order) throws LetterRequestException {
    return switch (order) {
      case null -> true;
      case "newest" -> true;
      case "oldest" -> false;
      default -> throw LetterRequestException.invalid("order must be newest or oldest");
    };
  }
}
