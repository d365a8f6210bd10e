package io.beamline.worker.observability.metrics;

import java.util.Locale;

/** How a step ended that failed at least once: the {@code outcome} of its metric (section 10). */
public enum RetryOutcome {
  /** A later attempt succeeded. */
  RECOVERED,
  /** The attempts were used up, or no more steps could wait. */
  EXHAUSTED,
  /** The budget or the deadline was used up. */
  BUDGET,
  /** No other attempt could have helped. */
  NOT_RETRYABLE;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The name as it appears in metrics. */
  public String wireName() {
    return wireName;
  }
}
