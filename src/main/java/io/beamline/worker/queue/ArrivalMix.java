package io.beamline.worker.queue;

import io.beamline.worker.contract.ResourcePool;
import org.jspecify.annotations.Nullable;

/** For which pools the last {@link HoldPlan#MIXED_WITHIN} assignments were. Used by one thread. */
final class ArrivalMix {

  private final @Nullable ResourcePool[] last = new ResourcePool[HoldPlan.MIXED_WITHIN];
  private long arrived;
  private int inARow;

  /** Records that an assignment has arrived. */
  void arrived(ResourcePool pool) {
    inARow = arrived > 0 && last[place(arrived - 1)] == pool ? inARow + 1 : 1;
    last[place(arrived)] = pool;
    arrived++;
  }

  /** Returns the number of all arrivals. */
  long arrived() {
    return arrived;
  }

  /** Returns how many of the last arrivals were for a pool. */
  int arrivals(ResourcePool pool) {
    int arrivals = 0;
    for (ResourcePool one : last) {
      if (one == pool) {
        arrivals++;
      }
    }
    return arrivals;
  }

  /** Returns how many of the last arrivals were for a pool, without one for another pool. */
  int arrivedInARow(ResourcePool pool) {
    return arrived > 0 && last[place(arrived - 1)] == pool ? inARow : 0;
  }

  private int place(long arrival) {
    return (int) (arrival % last.length);
  }
}
