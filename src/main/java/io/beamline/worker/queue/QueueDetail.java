package io.beamline.worker.queue;

import io.beamline.worker.config.QueueProperties.RejectionPolicy;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.observability.health.HealthDetail;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds the state of the queues to the readiness endpoint, with queue management on (W3-4.2). */
final class QueueDetail implements HealthDetail {

  private final StepPools pools;
  private final RejectionPolicy policy;
  private final FeatureFlags flags;

  QueueDetail(StepPools pools, RejectionPolicy policy, FeatureFlags flags) {
    this.pools = pools;
    this.policy = policy;
    this.flags = flags;
  }

  @Override
  public String name() {
    return "queue";
  }

  @Override
  public @Nullable Map<String, Object> details() {
    if (!flags.queueManagement()) {
      return null;
    }
    Map<String, Object> details = new LinkedHashMap<>(pools.describeQueues());
    details.put("rejection_policy", policy.name().toLowerCase(Locale.ROOT));
    return details;
  }
}
