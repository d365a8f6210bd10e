package io.beamline.worker.queue;

import io.beamline.worker.config.QueueProperties.Thresholds;
import io.beamline.worker.contract.Overload;

/**
 * Maps the depth of one pool's queue to its overload status (W3-4.2, contract section 5).
 * Immutable.
 *
 * @param limit the number of steps that may wait, 1 or more
 * @param thresholds the fractions of the limit at which {@code degraded} and {@code overloaded}
 *     begin
 */
record OverloadScale(int limit, Thresholds thresholds) {

  /** The status falls only when the depth is this part of the limit (1/20) below the threshold. */
  private static final int MARGIN_DIVISOR = 20;

  /**
   * Returns the status for depth ÷ limit.
   *
   * @param depth the number of waiting steps, 0 or more; it may exceed the limit
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
   * Returns the status to report after another one, with hysteresis, so that a depth around a
   * threshold is reported once. The status rises at once. It falls when the depth is 5 % of the
   * limit, and at least one step, below the threshold, or when the queue is empty.
   */
  OverloadStatus after(OverloadStatus before, int depth) {
    OverloadStatus now = of(depth);
    if (now.compareTo(before) >= 0 || depth == 0) {
      return now;
    }
    OverloadStatus cautious = of(depth + Math.max(1, limit / MARGIN_DIVISOR));
    return cautious.compareTo(before) < 0 ? cautious : before;
  }

  /** Returns a depth with its status, for messages. */
  Overload overload(int depth) {
    return new Overload(of(depth).wireName(), depth);
  }
}
