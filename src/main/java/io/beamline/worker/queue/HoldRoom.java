package io.beamline.worker.queue;

import io.beamline.worker.config.QueueProperties;
import io.beamline.worker.config.QueueProperties.RejectionPolicy;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.queue.HoldPlan.PoolRoom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  /** The shortest time over which arrivals are counted, if {@code hold-ahead} is shorter. */
  private static final Duration SHORTEST_LATELY = Duration.ofMillis(100);

  private final boolean policyHolds;
  private final FeatureFlags flags;
  private final List<HeldPool> pools;
  private final ArrivalMix mix = new ArrivalMix();
  private final RecentCount arrived;

  /**
   * More is requested until this many have arrived in all: the last of them was seen in the stream.
   */
  private long seenUpTo;

  HoldRoom(QueueProperties settings, Map<ResourcePool, StepPool> pools, FeatureFlags flags) {
    Duration ahead = settings.holdAhead();
    this.policyHolds = settings.rejectionPolicy() == RejectionPolicy.HOLD;
    this.flags = flags;
    this.pools =
        pools.entrySet().stream()
            .map(pool -> new HeldPool(pool.getKey(), pool.getValue(), new RecentCount(ahead)))
            .toList();
    this.arrived = new RecentCount(ahead.compareTo(SHORTEST_LATELY) > 0 ? ahead : SHORTEST_LATELY);
  }

  @Override
  public PullLimit limit(long nowNanos) {
    if (!isLimited()) {
      return PullLimit.NONE;
    }
    List<PoolRoom> rooms = new ArrayList<>(pools.size());
    int mayHold = Integer.MAX_VALUE;
    for (HeldPool pool : pools) {
      PoolRoom room = room(pool, nowNanos);
      mayHold = Math.min(mayHold, room.mayHold());
      rooms.add(room);
    }
    PullLimit limit = HoldPlan.limit(rooms, arrived.upTo(nowNanos, mix.arrived()));
    int wanted = Math.min((int) Math.max(0, seenUpTo - mix.arrived()), mayHold);
    return wanted > limit.messages() ? new PullLimit(wanted, limit.forAnyMix()) : limit;
  }

  @Override
  public Set<ResourcePool> heldUp(long nowNanos) {
    Set<ResourcePool> heldUp = EnumSet.noneOf(ResourcePool.class);
    boolean oneIsFull = false;
    boolean mayHold = isLimited();
    for (HeldPool pool : pools) {
      PoolRoom room = room(pool, nowNanos);
      mayHold &= room.mayHold() > 0;
      if (room.soonRun() > 0) {
        heldUp.add(pool.name());
      } else {
        // A fast pool without room has some again in a moment.
        oneIsFull |= mayWait(pool, nowNanos) <= pool.pool().concurrency();
      }
    }
    return mayHold && oneIsFull ? heldUp : Set.of();
  }

  @Override
  public void seenInStream(int messages) {
    seenUpTo = mix.arrived() + messages;
  }

  /** Returns whether the policy is {@code hold}, whatever the flag is. Safe for several threads. */
  boolean policyHolds() {
    return policyHolds;
  }

  @Override
  public boolean isLimited() {
    return policyHolds && flags.queueManagement();
  }

  /** Records that an assignment has arrived, also while queue management is off. */
  void arrived(ResourcePool pool) {
    if (policyHolds) {
      mix.arrived(pool);
    }
  }

  private PoolRoom room(HeldPool held, long nowNanos) {
    StepPool pool = held.pool();
    int slots = pool.concurrency();
    int mayWait = mayWait(held, nowNanos);
    int inside = pool.inside();
    int room = Math.max(0, slots + mayWait - inside);
    int refill = mayWait > slots ? mayWait / REFILL_DIVISOR : 1;
    return new PoolRoom(
        room >= refill ? room : 0,
        Math.max(0, slots + Math.min(slots, pool.limit()) - inside),
        Math.max(0, slots + pool.limit() - inside),
        mix.arrivals(held.name()),
        mix.arrivedInARow(held.name()));
  }

  /** Returns how many steps may wait in a pool. */
  private static int mayWait(HeldPool held, long nowNanos) {
    StepPool pool = held.pool();
    int ahead = held.finished().upTo(nowNanos, pool.finished());
    return Math.min(Math.max(ahead, pool.concurrency()), pool.limit());
  }

  /** A pool, and how many attempts it finished within the time for which it may have steps wait. */
  private record HeldPool(ResourcePool name, StepPool pool, RecentCount finished) {}
}
