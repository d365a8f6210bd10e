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
 * The meters of queue management (W3-4.2, contract section 10). They are registered only while its
 * flag is on; counters restart at 0 each time it is turned on. Thread-safe: recording neither
 * blocks nor allocates.
 */
public final class QueueMetrics {

  private final Meters meters;
  private final Map<ResourcePool, Queue> queues = new EnumMap<>(ResourcePool.class);
  private volatile Map<ResourcePool, QueueMeters> shown = Map.of();

  QueueMetrics(MeterRegistry registry) {
    this.meters = new Meters(registry);
  }

  /** Returns metrics with a registry of their own, for code that runs outside the worker. */
  public static QueueMetrics standalone() {
    return new QueueMetrics(new SimpleMeterRegistry());
  }

  /** Reads a queue at each scrape, from the next time on that the flag is turned on. */
  public synchronized void watch(ResourcePool pool, Queue queue) {
    queues.put(pool, queue);
  }

  /** Registers or removes the meters to match the flag; call it at each change of the flag. */
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

  /** Records how long a step waited in the queue for a slot. */
  public void waited(ResourcePool pool, Duration time) {
    QueueMeters queue = shown.get(pool);
    if (queue != null) {
      queue.waited(time);
    }
  }

  /** Records that a full queue refused or dropped a step. */
  public void rejected(ResourcePool pool, Rejection which) {
    QueueMeters queue = shown.get(pool);
    if (queue != null) {
      queue.rejected(which);
    }
  }

  /** Why a step was rejected: the {@code rejection_reason} of metrics and logs. */
  public enum Rejection {
    /** The queue was full, and the new step was refused. */
    QUEUE_FULL,
    /** The queue was full, and the step that had waited longest was dropped. */
    DROPPED_OLDEST;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** Returns the name in metrics and logs. */
    public String wireName() {
      return wireName;
    }
  }

  /**
   * The gauges of a queue, read at each scrape.
   *
   * @param depth number of steps that wait
   * @param capacity maximum number of steps that may wait
   * @param overload the overload status, 0 to 3
   */
  public record Queue(IntSupplier depth, IntSupplier capacity, IntSupplier overload) {}
}
