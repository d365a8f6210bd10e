package io.beamline.worker.rollout;

import java.util.Locale;

/** The verdict about a flag that is decided per assignment. */
enum RolloutVerdict {
  /** At least one measure differs significantly. */
  REAL,
  /** There are enough steps, and no measure differs significantly. */
  NO_DIFFERENCE,
  /** Both sides are different tenants, so that a difference may come from them. */
  NOT_COMPARABLE,
  /** Too few steps can be compared, or too many are in flight. */
  TOO_EARLY,
  /** All steps are on one side. */
  NOTHING_TO_COMPARE,
  /** The flag is off. */
  OFF;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
