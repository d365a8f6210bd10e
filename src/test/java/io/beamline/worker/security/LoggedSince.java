package io.beamline.worker.security;

import io.beamline.worker.support.LogLines;
import java.util.stream.Collectors;
import org.springframework.boot.test.system.CapturedOutput;

/**
 * What is logged from now on. Lines of the log's timer are left out: they repeat what was logged
 * and suppressed earlier, perhaps by the worker of another test class, and the first line of a kind
 * is never theirs.
 */
final class LoggedSince {

  private static final String OF_THE_TIMER = "\"thread\":\"" + LogLines.TIMER;

  private final CapturedOutput output;
  private final int before;

  private LoggedSince(CapturedOutput output) {
    this.output = output;
    this.before = output.getAll().length();
  }

  static LoggedSince now(CapturedOutput output) {
    return new LoggedSince(output);
  }

  /** Returns the lines since then, or an empty text. */
  String lines() {
    return output
        .getAll()
        .substring(before)
        .lines()
        .filter(line -> !line.contains(OF_THE_TIMER))
        .collect(Collectors.joining("\n"));
  }
}
