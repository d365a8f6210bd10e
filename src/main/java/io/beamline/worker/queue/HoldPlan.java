package io.beamline.worker.queue;

import java.util.List;

/**
 * Determines how many assignments the worker may request under the policy {@code hold} (contract
 * section 5). The server does not tell for which pool the next assignments are, so the plan expects
 * the mix of the last arrivals. Pure.
 */
final class HoldPlan {

  /**
   * While a pool is full, this plan requests more for another one only if one of this many last
   * arrivals was for it. So a backlog of one kind is never hoarded beyond this number. {@link
   * HoldRoom} adds what it has seen in the stream.
   */
  static final int MIXED_WITHIN = 64;

  /**
   * While some pool has one waiting step for each slot, at least this many may be requested beyond
   * that, also when none arrived lately.
   */
  private static final int PROBE = 8;

  private HoldPlan() {}

  /**
   * Returns how many may be requested and not yet delivered.
   *
   * @param pools the room of each pool
   * @param arrivedLately how many arrived in the last {@code hold-ahead}, or 100 ms if that is
   *     longer. Beyond what suits any mix, at most twice as many are requested, so that a burst
   *     after an idle time is spread.
   */
  static PullLimit limit(List<PoolRoom> pools, int arrivedLately) {
    int forAnyMix = Integer.MAX_VALUE;
    long arrivals = 0;
    for (PoolRoom pool : pools) {
      forAnyMix = Math.min(forAnyMix, pool.surelyRun());
      arrivals += pool.arrivals();
    }
    long wanted = 0;
    long allowed = forAnyMix + Math.max(forAnyMix > 0 ? 0 : PROBE, 2L * arrivedLately);
    for (PoolRoom pool : pools) {
      if (pool.arrivals() > 0) {
        wanted = Math.max(wanted, pool.soonRun() * arrivals / pool.arrivals());
      }
      allowed = Math.min(allowed, pool.mayHold());
      if (pool.soonRun() == 0) {
        allowed = Math.min(allowed, MIXED_WITHIN - pool.arrivedInARow());
      }
    }
    return new PullLimit((int) Math.max(forAnyMix, Math.min(wanted, allowed)), forAnyMix);
  }

  /**
   * The room of one pool.
   *
   * @param soonRun how many more steps it would soon run, 0 or more; 0 also while that is too few
   *     to be worth a request
   * @param surelyRun how many more it may have even if its steps suddenly take long: one waiting
   *     step for each slot; 0 or more
   * @param mayHold how many more it may have at most, 0 or more
   * @param arrivals how many of the last {@link #MIXED_WITHIN} arrivals were for it
   * @param arrivedInARow how many of the last arrivals were for it, without one for another pool
   */
  record PoolRoom(int soonRun, int surelyRun, int mayHold, int arrivals, int arrivedInARow) {}
}
