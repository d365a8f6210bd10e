package io.beamline.worker.queue;

import io.beamline.worker.contract.ResourcePool;
import java.util.Set;

/** How many assignments the intake may request. Used by the thread of the intake. */
public interface PullRoom {

  /**
   * Returns how many assignments may be requested now.
   *
   * @param nowNanos the time on the monotonic clock
   */
  PullLimit limit(long nowNanos);

  /** Returns whether {@link #limit} may be a limit now. Cheaper than to determine it. */
  default boolean isLimited() {
    return true;
  }

  /**
   * Returns the pools that have room although nothing may be requested, because another pool is
   * full. Empty if nothing keeps them from work.
   *
   * @param nowNanos the time on the monotonic clock
   */
  default Set<ResourcePool> heldUp(long nowNanos) {
    return Set.of();
  }

  /**
   * Allows to request assignments up to one that was seen in the stream for a pool that is held up.
   *
   * @param messages the place of that assignment in the stream, 1 for the next one
   */
  default void seenInStream(int messages) {}
}
