package io.beamline.worker.observability.health;

import io.beamline.worker.observability.health.HealthCheck.HealthResult;
import io.beamline.worker.observability.logging.SafeDetails;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Adapts a check to Actuator's health. */
final class CheckIndicator implements HealthIndicator {

  private final HealthCheck check;

  CheckIndicator(HealthCheck check) {
    this.check = check;
  }

  @Override
  public Health health() {
    HealthResult result = result();
    return (result.healthy() ? Health.up() : Health.down())
        .withDetails(SafeDetails.of(result.details()))
        .build();
  }

  /** Runs the check; an exception counts as not healthy. */
  HealthResult result() {
    try {
      return check.check();
    } catch (RuntimeException e) {
      return new HealthResult(false, Map.of("error", e.getClass().getSimpleName()));
    }
  }
}
