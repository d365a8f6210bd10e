package io.beamline.worker.deadletter;

import io.beamline.worker.timeout.TimeSource;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Prints the progress of a long command: on a terminal as one line that changes, else as one line
 * every ten seconds. Used by one thread.
 */
final class ReplayProgress {

  private static final Duration WATCHED = Duration.ofMillis(200);
  private static final Duration UNWATCHED = Duration.ofSeconds(10);
  private static final String CLEAR = "\r\u001b[K";

  private final PrintStream out;
  private final boolean terminal;
  private final TimeSource time;
  private long printed;
  private boolean onLine;

  /**
   * Nothing is printed yet.
   *
   * @param terminal whether the output is one
   */
  ReplayProgress(PrintStream out, boolean terminal, TimeSource time) {
    this.out = out;
    this.terminal = terminal;
    this.time = time;
    this.printed = time.nanos();
  }

  /** Prints the progress, unless it was printed a moment ago. */
  void at(String state) {
    long now = time.nanos();
    if (now - printed < (terminal ? WATCHED : UNWATCHED).toNanos()) {
      return;
    }
    printed = now;
    if (terminal) {
      out.print(CLEAR + state);
      out.flush();
      onLine = true;
    } else {
      out.println(state);
    }
  }

  /** Writes a line that stays. */
  void line(String text) {
    if (onLine) {
      out.print(CLEAR);
      onLine = false;
    }
    out.println(text);
  }
}
