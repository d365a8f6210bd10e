package io.beamline.worker.deadletter;

import io.beamline.worker.contract.PlainCharacters;
import org.jspecify.annotations.Nullable;

/**
 * Makes text safe for a terminal. It escapes characters that could move the cursor, change the
 * direction of writing or be invisible, in the way of JSON. Pure.
 */
public final class Printable {

  private Printable() {}

  /** Returns the text on one line; {@code -} for null and for an empty text. */
  public static String line(@Nullable String text) {
    return text == null || text.isEmpty() ? "-" : safe(text, false);
  }

  /** Returns the text on one line, cut after the given number of characters. */
  static String line(@Nullable String text, int longest) {
    String line = line(text);
    int end = line.offsetByCodePoints(0, Math.min(longest, line.codePointCount(0, line.length())));
    return end == line.length() ? line : line.substring(0, end) + "...";
  }

  /** Returns the text with its line feeds. */
  static String lines(String text) {
    return safe(text, true);
  }

  private static String safe(String text, boolean lineFeeds) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (PlainCharacters.isPlain(c) || (lineFeeds && c == '\n')) {
                safe.appendCodePoint(c);
              } else {
                for (char half : Character.toChars(c)) {
                  safe.append("\\u%04x".formatted((int) half));
                }
              }
            });
    return safe.toString();
  }
}
