package io.beamline.worker.observability.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes an exception and its causes: class, message, stack frames. Limits the depth, because
 * causes can form a cycle.
 */
final class LoggedException {

  private static final int MAX_FRAMES = 40;

  /** The most causes below an exception that are written. */
  static final int MAX_CAUSES = 5;

  private static final int MAX_MESSAGE = 1_000;

  private LoggedException() {}

  /** Writes the field {@code exception}. */
  static void write(JsonLine line, IThrowableProxy exception) {
    write(line, "exception", exception, 0);
  }

  private static void write(JsonLine line, String name, IThrowableProxy exception, int depth) {
    line.open(name).field("class", exception.getClassName());
    line.field("message", shortened(exception.getMessage()));
    line.field("frames", frames(exception));
    IThrowableProxy cause = exception.getCause();
    if (cause != null && depth < MAX_CAUSES) {
      write(line, "cause", cause, depth + 1);
    }
    line.close();
  }

  /** Returns a message without passwords, of at most 1 000 characters; null for null. */
  static @Nullable String shortened(@Nullable String message) {
    if (message == null) {
      return null;
    }
    String safe = UserInfo.cut(message);
    return safe.length() <= MAX_MESSAGE ? safe : safe.substring(0, MAX_MESSAGE) + "...";
  }

  /** Returns the innermost frames, without those in common with the enclosing exception. */
  static List<String> frames(IThrowableProxy exception) {
    StackTraceElementProxy[] all = exception.getStackTraceElementProxyArray();
    int own = all.length - exception.getCommonFrames();
    List<String> frames = new ArrayList<>();
    for (int i = 0; i < Math.min(own, MAX_FRAMES); i++) {
      StackTraceElement frame = all[i].getStackTraceElement();
      frames.add(frame.getClassName() + '.' + frame.getMethodName() + ':' + frame.getLineNumber());
    }
    if (own > MAX_FRAMES) {
      frames.add((own - MAX_FRAMES) + " more");
    }
    return frames;
  }
}
