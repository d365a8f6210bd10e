package io.beamline.worker.queue;

import java.util.Locale;

/** How full a pool's queue is, in ascending order (W3-4.2, contract section 5). */
enum OverloadStatus {
  /** The depth is below the first threshold. */
  HEALTHY(0),
  /** The first threshold is reached. */
  DEGRADED(1),
  /** The second threshold is reached. */
  OVERLOADED(2),
  /** The limit is reached; the rejection policy applies to new steps. */
  CRITICAL(3);

  private final String wireName = name().toLowerCase(Locale.ROOT);
  private final int level;

  OverloadStatus(int level) {
    this.level = level;
  }

  /** Returns the name in messages and logs. */
  String wireName() {
    return wireName;
  }

  /** Returns the value in metrics, 0 to 3. */
  int level() {
    return level;
  }
}
