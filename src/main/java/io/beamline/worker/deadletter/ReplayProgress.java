package io.beamline.worker.deadletter;

import io.beamline.worker.timeout.TimeSource;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Prints the progress of a long command: on a terminal as one line that changes, else as one line
 * every ten seconds. Used by one thread.
 */
final class ReplayProgress {

  private static final Duration TERMINAL_INTERVAL = Duration.ofMillis(200);
  private static final Duration LINE_INTERVAL = Duration.ofSeconds(10);
  private static final String CLEAR = "\r\u001b[K";

  private final PrintStream out;
  private final boolean terminal;
  private final TimeSource time;
  private long printed;
  private boolean onLine;

  /**
   * Creates a progress that has printed nothing.
   *
   * @param terminal whether the output is a terminal
   */
  ReplayProgress(PrintStream out, boolean terminal, TimeSource time) {
    this.out = out;
    this.terminal = terminal;
    this.time = time;
    this.printed = time.nanos();
  }

  /** Prints the progress, unless the interval since the last print has not passed. */
  void update(String state) {
    long now = time.nanos();
    if (now - printed < (terminal ? TERMINAL_INTERVAL : LINE_INTERVAL).toNanos()) {
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

  /** Prints a line that stays. */
  void print(String text) {
    if (onLine) {
      out.print(CLEAR);
      onLine = false;
    }
    out.println(text);
  }
}
