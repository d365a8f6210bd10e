package io.beamline.worker.observability.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes a log line for people: time, level, message and the fields as {@code name=value}. What
 * takes more than one line is indented, so that nobody can forge a line. Secrets are redacted as in
 * JSON. Pure.
 */
final class TextLine {

  /** A value that needs no quotes. */
  private static final Pattern PLAIN = Pattern.compile("\"[^\\s\"\\\\=]+\"");

  private static final String NEXT_LINE = "\n    ";

  private TextLine() {}

  /**
   * Returns the line with its line end.
   *
   * @param time as text
   */
  static String of(String time, ILoggingEvent event) {
    LogFields fields = new LogFields(event);
    StringBuilder line = new StringBuilder(256).append(time).append(' ');
    line.append("%-5s".formatted(event.getLevel())).append(' ');
    appendLines(line, UserInfo.cut(event.getFormattedMessage().strip()));
    for (String name : LogFields.TOP_LEVEL) {
      append(line, name, fields.topLevel(name));
    }
    fields.context().forEach((name, value) -> append(line, name, value));
    IThrowableProxy exception = event.getThrowableProxy();
    for (int depth = 0; exception != null && depth <= LoggedException.MAX_CAUSES; depth++) {
      append(line, exception);
      exception = exception.getCause();
    }
    return line.append('\n').toString();
  }

  private static void append(StringBuilder line, String name, @Nullable Object value) {
    if (value != null) {
      String json = JsonLine.valueOf(name, value);
      boolean plain = PLAIN.matcher(json).matches();
      line.append("  ").append(safe(name)).append('=');
      line.append(plain ? json.substring(1, json.length() - 1) : json);
    }
  }

  private static void append(StringBuilder line, IThrowableProxy exception) {
    line.append(NEXT_LINE).append(exception.getClassName()).append(": ");
    appendLines(line, String.valueOf(LoggedException.shortened(exception.getMessage())));
    List<String> frames = LoggedException.frames(exception);
    frames.forEach(frame -> line.append(NEXT_LINE).append("  at ").append(frame));
  }

  private static void appendLines(StringBuilder line, String text) {
    line.append(String.join(NEXT_LINE, text.lines().map(TextLine::safe).toArray(String[]::new)));
  }

  /** Returns text without characters that could move the cursor. */
  private static String safe(String text) {
    String json = JsonLine.valueOf("", text);
    return text.codePoints().anyMatch(Character::isISOControl)
        ? json.substring(1, json.length() - 1)
        : text;
  }
}
