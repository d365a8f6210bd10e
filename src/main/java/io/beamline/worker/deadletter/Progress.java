package io.beamline.worker.deadletter;

import io.beamline.worker.timeout.TimeSource;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Says how far a long command is: on one line that changes when a person looks at it, else on a
 * line every ten seconds. For one thread.
 */
final class Progress {

  private static final Duration WATCHED = Duration.ofMillis(200);
  private static final Duration UNWATCHED = Duration.ofSeconds(10);
  private static final String CLEAR = "\r\u001b[K";

  private final PrintStream out;
  private final boolean terminal;
  private final TimeSource time;
  private long told;
  private boolean onLine;

  /**
   * Nothing is told yet.
   *
   * @param terminal whether the output is one
   */
  Progress(PrintStream out, boolean terminal, TimeSource time) {
    this.out = out;
    this.terminal = terminal;
    this.time = time;
    this.told = time.nanos();
  }

  /** Tells how far it is, unless it was told a moment ago. */
  void at(String state) {
    long now = time.nanos();
    if (now - told < (terminal ? WATCHED : UNWATCHED).toNanos()) {
      return;
    }
    told = now;
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
