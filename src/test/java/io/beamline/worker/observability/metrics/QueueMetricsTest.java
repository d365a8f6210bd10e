package io.beamline.worker.observability.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.observability.metrics.QueueMetrics.Rejection;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueueMetricsTest {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final QueueMetrics metrics = new QueueMetrics(registry);

  @BeforeEach
  void watchBothPools() {
    for (ResourcePool pool : ResourcePool.values()) {
      metrics.watch(pool, new QueueMetrics.Queue(() -> 7, () -> 10, () -> 1));
    }
  }

  @Test
  void areAbsentWhileOff() {
    metrics.rejected(ResourcePool.IO, Rejection.QUEUE_FULL);
    metrics.waited(ResourcePool.IO, Duration.ofMillis(3));
    metrics.follow(() -> false);
    assertThat(registry.scrape()).isEmpty();
  }

  @Test
  void areAllPresentFromTheMomentTheyAreOn() {
    metrics.follow(() -> true);
    metrics.follow(() -> true);
    for (String pool : new String[] {"io", "cpu"}) {
      String label = "{resource_pool=\"" + pool + "\"}";
      assertThat(registry.scrape())
          .contains(
              "worker_queue_depth" + label + " 7.0",
              "worker_queue_capacity" + label + " 10.0",
              "worker_overload_status" + label + " 1.0",
              "worker_queue_wait_seconds_count" + label + " 0",
              "worker_queue_wait_seconds_bucket{resource_pool=\"" + pool + "\",le=\"0.001\"} 0",
              rejections(pool, "queue_full", 0),
              rejections(pool, "dropped_oldest", 0));
    }
  }

  @Test
  void countPerPoolAndBeginAgainWhenTheyComeBack() {
    metrics.follow(() -> true);
    metrics.rejected(ResourcePool.CPU, Rejection.DROPPED_OLDEST);
    metrics.waited(ResourcePool.IO, Duration.ofMillis(3));
    assertThat(registry.scrape())
        .contains(
            rejections("cpu", "dropped_oldest", 1),
            rejections("io", "dropped_oldest", 0),
            "worker_queue_wait_seconds_bucket{resource_pool=\"io\",le=\"0.005\"} 1");
    metrics.follow(() -> false);
    assertThat(registry.scrape()).isEmpty();
    metrics.follow(() -> true);
    assertThat(registry.scrape()).contains(rejections("cpu", "dropped_oldest", 0));
  }

  @Test
  void endAsTheFlagSaysHoweverManyChangesOvertakeEachOther() {
    AtomicInteger changes = new AtomicInteger();
    IntStream.range(0, 2_000)
        .parallel()
        .forEach(
            i -> {
              changes.incrementAndGet();
              metrics.follow(() -> changes.get() % 2 == 0);
              metrics.rejected(ResourcePool.IO, Rejection.QUEUE_FULL);
            });
    assertThat(registry.scrape()).contains(rejections("io", "dropped_oldest", 0));
    changes.incrementAndGet();
    metrics.follow(() -> changes.get() % 2 == 0);
    assertThat(registry.scrape()).isEmpty();
  }

  private static String rejections(String pool, String reason, int count) {
    return "worker_queue_rejections_total{rejection_reason=\"%s\",resource_pool=\"%s\"} %d.0"
        .formatted(reason, pool, count);
  }
}
