package io.beamline.worker.rollout;

import io.beamline.worker.contract.ResourcePool;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Describes queue management, which is on or off for a whole worker. Pure. */
final class QueueText {

  private QueueText() {}

  /**
   * Returns one line for a person.
   *
   * @param limits maximum queue length of each pool under queue management
   */
  static String of(Window window, boolean on, Map<ResourcePool, Integer> limits) {
    Sample all = window.of(flags -> true);
    String queues =
        Stream.of(ResourcePool.values())
            .map(pool -> queue(pool, window, on ? limits : Map.of()))
            .collect(Collectors.joining(", ", "longest queue ", ""));
    return Flag.QUEUE_MANAGEMENT.feature()
        + (on
            ? ": on for this whole worker, %d rejections beside %d steps, %s; compare it with a worker where it is off"
                .formatted(all.rejections(), all.count(), queues)
            : ": off on this worker, so that nothing is rejected, %d steps, %s; compare it with a worker where it is on"
                .formatted(all.count(), queues));
  }

  private static String queue(ResourcePool pool, Window window, Map<ResourcePool, Integer> limits) {
    Integer limit = limits.get(pool);
    return pool.wireName()
        + " "
        + window.longestQueues().get(pool)
        + (limit == null ? "" : " of " + limit);
  }
}
