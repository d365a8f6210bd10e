package io.beamline.worker.queue;

import io.beamline.worker.config.QueueProperties;
import io.beamline.worker.config.QueueProperties.RejectionPolicy;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.queue.HoldPlan.PoolRoom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Under the policy {@code hold}, lets the intake request what the pools will soon run (contract
 * section 5). The rest stays in the stream, for whichever worker has room. Without that policy, or
 * with queue management off, there is no limit. Used by the thread of the intake.
 */
final class HoldRoom implements PullRoom {

  /**
   * More is requested only when this part (1/4) of what a pool may have waiting is used up, so that
   * a fast pool does not cost a request for each step.
   */
  private static final int REFILL_DIVISOR = 4;

  private final boolean policyHolds;
  private final FeatureFlags flags;
  private final List<HeldPool> pools;
  private final ArrivalMix mix = new ArrivalMix();
  private final RecentCount arrived;

  HoldRoom(QueueProperties settings, Map<ResourcePool, StepPool> pools, FeatureFlags flags) {
    Duration ahead = settings.holdAhead();
    this.policyHolds = settings.rejectionPolicy() == RejectionPolicy.HOLD;
    this.flags = flags;
    this.pools =
        pools.entrySet().stream()
            .map(pool -> new HeldPool(pool.getKey(), pool.getValue(), new RecentCount(ahead)))
            .toList();
    this.arrived = new RecentCount(ahead);
  }

  @Override
  public PullLimit limit(long nowNanos) {
    if (!isLimited()) {
      return PullLimit.NONE;
    }
    List<PoolRoom> rooms = new ArrayList<>(pools.size());
    for (HeldPool pool : pools) {
      rooms.add(room(pool, nowNanos));
    }
    return HoldPlan.limit(rooms, arrived.upTo(nowNanos, mix.arrived()));
  }

  /** Returns whether the worker holds no more than it will soon run. Safe for several threads. */
  boolean isLimited() {
    return policyHolds && flags.queueManagement();
  }

  /** Records that an assignment has arrived. */
  void arrived(ResourcePool pool) {
    mix.arrived(pool);
  }

  private PoolRoom room(HeldPool held, long nowNanos) {
    StepPool pool = held.pool();
    int slots = pool.concurrency();
    int ahead = held.finished().upTo(nowNanos, pool.finished());
    int mayWait = Math.min(Math.max(ahead, slots), pool.limit());
    int inside = pool.inside();
    int room = Math.max(0, slots + mayWait - inside);
    int refill = mayWait > slots ? mayWait / REFILL_DIVISOR : 1;
    return new PoolRoom(
        room >= refill ? room : 0,
        Math.max(0, slots + pool.limit() - inside),
        mix.arrivals(held.name()),
        mix.arrivedInARow(held.name()));
  }

  /** A pool, and how many attempts it finished within the time for which it may have steps wait. */
  private record HeldPool(ResourcePool name, StepPool pool, RecentCount finished) {}
}
