package io.beamline.worker.contract;

import java.util.Locale;

/** How a step or an attempt ended: the {@code status} of a result (contract section 2). */
public enum StepStatus {
  /** The block succeeded. */
  SUCCESS,
  /** It failed with any other error. */
  ERROR,
  /** It failed with an error of type {@code timeout}. */
  TIMEOUT,
  /** It was cancelled. */
  CANCELLED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** Returns whether this is an error or a timeout. */
  public boolean isFailure() {
    return this == ERROR || this == TIMEOUT;
  }

  /** Returns the name in messages and metrics. */
  public String wireName() {
    return wireName;
  }
}
