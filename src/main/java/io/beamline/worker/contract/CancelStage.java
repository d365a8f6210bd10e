package io.beamline.worker.contract;

import java.util.Locale;

/** Where a step was when a cancellation ended it: {@code error.details.stage}. */
public enum CancelStage {
  /** It waited for a slot. */
  QUEUED,
  /** It waited for its next attempt. */
  WAITING,
  /** An attempt ran. */
  RUNNING,
  /** Its assignment arrived after the request, or was not queued yet. */
  UNDELIVERED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** Returns the name in messages and metrics. */
  public String wireName() {
    return wireName;
  }
}
