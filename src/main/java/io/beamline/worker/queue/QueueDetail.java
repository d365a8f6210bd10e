package io.beamline.worker.queue;

import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.observability.health.HealthDetail;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds the state of the queues to the readiness endpoint, with queue management on (W3-4.2). */
final class QueueDetail implements HealthDetail {

  private final StepPools pools;
  private final FeatureFlags flags;

  QueueDetail(StepPools pools, FeatureFlags flags) {
    this.pools = pools;
    this.flags = flags;
  }

  @Override
  public String name() {
    return "queue";
  }

  @Override
  public @Nullable Map<String, Object> details() {
    return flags.queueManagement() ? pools.describeQueues() : null;
  }
}
