package io.beamline.worker.destination;

import java.util.Locale;

/** The state of a destination's circuit breaker (W3-5.1). */
public enum BreakerState {
  /** Attempts are made. */
  CLOSED(0),
  /** A few attempts are made, to try the destination. */
  HALF_OPEN(1),
  /** No attempt is made. */
  OPEN(2);

  private final String wireName = name().toLowerCase(Locale.ROOT);
  private final int severity;

  BreakerState(int severity) {
    this.severity = severity;
  }

  /** Returns 0 for closed, 1 for half open, 2 for open. */
  public int severity() {
    return severity;
  }

  /** Returns the name in metrics, logs and at the endpoint. */
  public String wireName() {
    return wireName;
  }
}
