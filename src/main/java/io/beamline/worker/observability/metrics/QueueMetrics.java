package io.beamline.worker.observability.metrics;

import io.beamline.worker.contract.ResourcePool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * The meters of queue management (W3-4.2, contract section 10). They are in the scrape only while
 * it is on, and their counters begin at 0 each time it is turned on. Thread-safe; counting neither
 * blocks nor allocates.
 */
public final class QueueMetrics {

  private final Meters meters;
  private final Map<ResourcePool, Queue> queues = new EnumMap<>(ResourcePool.class);
  private volatile Map<ResourcePool, QueueMeters> shown = Map.of();

  QueueMetrics(MeterRegistry registry) {
    this.meters = new Meters(registry);
  }

  /** Metrics that nobody scrapes, for code that runs outside the worker. */
  public static QueueMetrics standalone() {
    return new QueueMetrics(new SimpleMeterRegistry());
  }

  /** Asks about a queue at each scrape, from the next time on that the meters appear. */
  public synchronized void watch(ResourcePool pool, Queue queue) {
    queues.put(pool, queue);
  }

  /** Lets the meters appear or disappear, by what the flag says; to be called at each change. */
  public synchronized void follow(BooleanSupplier queueManagement) {
    boolean wanted = queueManagement.getAsBoolean();
    if (wanted && shown.isEmpty()) {
      Map<ResourcePool, QueueMeters> made = new EnumMap<>(ResourcePool.class);
      queues.forEach((pool, queue) -> made.put(pool, new QueueMeters(meters, pool, queue)));
      shown = made;
    } else if (!wanted) {
      Map<ResourcePool, QueueMeters> gone = shown;
      shown = Map.of();
      gone.values().forEach(QueueMeters::remove);
    }
  }

  /** A step got a slot of a pool, this long after it was queued. */
  public void waited(ResourcePool pool, Duration time) {
    QueueMeters queue = shown.get(pool);
    if (queue != null) {
      queue.waited(time);
    }
  }

  /** A step gave way in a pool's queue. */
  public void rejected(ResourcePool pool, Rejection which) {
    QueueMeters queue = shown.get(pool);
    if (queue != null) {
      queue.rejected(which);
    }
  }

  /** Which step gave way: the {@code rejection_reason} of metrics and logs. */
  public enum Rejection {
    /** The newcomer was rejected. */
    QUEUE_FULL,
    /** The step that had waited longest was dropped. */
    DROPPED_OLDEST;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in metrics and logs. */
    public String wireName() {
      return wireName;
    }
  }

  /**
   * What is asked about a queue at each scrape.
   *
   * @param depth steps that wait
   * @param capacity steps that may wait
   * @param overload the overload status, 0 to 3
   */
  public record Queue(IntSupplier depth, IntSupplier capacity, IntSupplier overload) {}
}
