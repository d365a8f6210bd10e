package io.beamline.worker.observability.metrics;

import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.observability.metrics.QueueMetrics.Rejection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The meters of one pool's queue, registered from construction until {@link #remove()}.
 * Thread-safe.
 */
final class QueueMeters {

  private final Meters meters;
  private final List<Meter> gauges;
  private final Timer waits;
  private final Map<Rejection, Counter> rejections = new EnumMap<>(Rejection.class);

  QueueMeters(Meters meters, ResourcePool pool, QueueMetrics.Queue queue) {
    this.meters = meters;
    String[] labels = {"resource_pool", pool.wireName()};
    this.gauges =
        List.of(
            meters.gauge("worker.queue.depth", "Steps that wait", queue.depth(), labels),
            meters.gauge("worker.queue.capacity", "Steps that may wait", queue.capacity(), labels),
            meters.gauge(
                "worker.overload.status",
                "0 healthy, 1 degraded, 2 overloaded, 3 critical",
                queue.overload(),
                labels));
    this.waits = meters.timer("worker.queue.wait", "How long steps waited for a slot", labels);
    for (Rejection which : Rejection.values()) {
      rejections.put(which, rejections(pool, which));
    }
  }

  void waited(Duration time) {
    waits.record(time);
  }

  void rejected(Rejection which) {
    Counter counter = rejections.get(which);
    if (counter != null) {
      counter.increment();
    }
  }

  void remove() {
    gauges.forEach(meters::remove);
    meters.remove(waits);
    rejections.values().forEach(meters::remove);
  }

  private Counter rejections(ResourcePool pool, Rejection which) {
    return meters.counter(
        "worker.queue.rejections",
        "Steps that gave way because a queue was full",
        "resource_pool",
        pool.wireName(),
        "rejection_reason",
        which.wireName());
  }
}
