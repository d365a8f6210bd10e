package io.beamline.worker.observability.health;

import io.beamline.worker.observability.logging.SafeDetails;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Adapts a detail to Actuator's health. */
final class DetailIndicator implements HealthIndicator {

  private final HealthDetail detail;

  DetailIndicator(HealthDetail detail) {
    this.detail = detail;
  }

  @Override
  public @Nullable Health health() {
    Map<String, Object> shown = detail.details();
    return shown == null ? null : Health.up().withDetails(SafeDetails.of(shown)).build();
  }
}
