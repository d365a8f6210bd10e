package io.beamline.worker.observability.metrics;

import java.util.Locale;

/** What became of the start of a suspect (contract section 10). */
public enum SuspectOutcome {
  /** It is in the bucket. */
  RECORDED,
  /** The bucket is missing, or does not answer. */
  UNRECORDED,
  /** The suspect has started too often and does not start again. */
  REFUSED;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
