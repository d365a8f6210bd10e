package io.beamline.worker.rollout;

import java.util.Locale;

/** What is to be said of a flag that is decided per assignment. */
enum RolloutVerdict {
  /** Something that was measured differs, and not by chance. */
  REAL,
  /** There are steps enough, and nothing differs so much that chance is ruled out. */
  NO_DIFFERENCE,
  /** The sides are different tenants: what differs may be due to them. */
  NOT_COMPARABLE,
  /** Too few steps can be compared, or have ended. */
  TOO_EARLY,
  /** All steps are on one side. */
  NOTHING_TO_COMPARE,
  /** The flag is off. */
  OFF;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
