package io.beamline.worker.queue;

import java.util.Locale;

/** How full a pool's queue is (W3-4.2, contract section 5), from empty to full. */
enum OverloadStatus {
  /** There is room. */
  HEALTHY(0),
  /** The first threshold is reached. */
  DEGRADED(1),
  /** The second threshold is reached. */
  OVERLOADED(2),
  /** The limit is reached: newcomers meet the rejection policy. */
  CRITICAL(3);

  private final String wireName = name().toLowerCase(Locale.ROOT);
  private final int level;

  OverloadStatus(int level) {
    this.level = level;
  }

  /** The name in messages and logs. */
  String wireName() {
    return wireName;
  }

  /** The number in metrics, 0 to 3. */
  int level() {
    return level;
  }
}
