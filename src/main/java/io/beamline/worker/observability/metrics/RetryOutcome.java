package io.beamline.worker.observability.metrics;

import java.util.Locale;

/**
 * How a step ended after at least one failed attempt: the {@code outcome} label (contract section
 * 10).
 */
public enum RetryOutcome {
  /** A later attempt succeeded. */
  RECOVERED,
  /** The attempts were used up, or no more steps could wait. */
  EXHAUSTED,
  /** The budget or the deadline was used up. */
  BUDGET,
  /** The error was not retryable. */
  NOT_RETRYABLE;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** Returns the name in metrics. */
  public String wireName() {
    return wireName;
  }
}
