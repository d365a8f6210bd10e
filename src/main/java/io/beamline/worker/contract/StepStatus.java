package io.beamline.worker.contract;

import java.util.Locale;

/** How a step ended: the {@code status} of its result. */
public enum StepStatus {
  /** The block succeeded. */
  SUCCESS,
  /** The last attempt failed. */
  ERROR,
  /** The last failure is a timeout of any kind. */
  TIMEOUT,
  /** The step was cancelled. */
  CANCELLED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** Whether the step ended as an error or a timeout. */
  public boolean isFailure() {
    return this == ERROR || this == TIMEOUT;
  }

  /** The name as it appears in messages and metrics. */
  public String wireName() {
    return wireName;
  }
}
