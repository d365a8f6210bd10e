package io.beamline.worker.connection;

import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.observability.health.HealthDetail;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Adds the backlog in the stream to the readiness endpoint, with queue management on. Thread-safe.
 */
final class BacklogDetail implements HealthDetail {

  private final NatsSessions sessions;
  private final FeatureFlags flags;

  BacklogDetail(NatsSessions sessions, FeatureFlags flags) {
    this.sessions = sessions;
    this.flags = flags;
  }

  @Override
  public String name() {
    return "backlog";
  }

  @Override
  public @Nullable Map<String, Object> details() {
    OptionalLong backlog = sessions.backlog();
    return flags.queueManagement() && backlog.isPresent()
        ? Map.of("assignments", backlog.getAsLong())
        : null;
  }
}
