package io.beamline.worker.queue;

import io.beamline.worker.config.QueueProperties.Thresholds;
import io.beamline.worker.contract.Overload;

/**
 * What a depth means for one pool (W3-4.2, contract section 5). Immutable and pure.
 *
 * @param limit steps that may wait, 1 or more
 * @param thresholds the shares of the limit where {@code degraded} and {@code overloaded} begin
 */
record OverloadScale(int limit, Thresholds thresholds) {

  /** A change downwards shows only when this share of the limit lies below the threshold. */
  private static final int MARGIN_DIVISOR = 20;

  /**
   * The status by depth ÷ limit.
   *
   * @param depth steps that wait, 0 or more; it may be beyond the limit
   */
  OverloadStatus of(int depth) {
    double share = (double) depth / limit;
    if (share >= 1) {
      return OverloadStatus.CRITICAL;
    }
    if (share >= thresholds.overloaded()) {
      return OverloadStatus.OVERLOADED;
    }
    return share >= thresholds.degraded() ? OverloadStatus.DEGRADED : OverloadStatus.HEALTHY;
  }

  /**
   * The status that is told after another one, so that a depth that swings about a threshold is
   * told once: it rises at once, and falls below a threshold only when the depth lies 5 % of the
   * limit, and at least one step, below it. An empty queue always falls.
   */
  OverloadStatus after(OverloadStatus before, int depth) {
    OverloadStatus now = of(depth);
    if (now.compareTo(before) >= 0 || depth == 0) {
      return now;
    }
    OverloadStatus cautious = of(depth + Math.max(1, limit / MARGIN_DIVISOR));
    return cautious.compareTo(before) < 0 ? cautious : before;
  }

  /** A depth and its status, for messages. */
  Overload overload(int depth) {
    return new Overload(of(depth).wireName(), depth);
  }
}
