package io.beamline.worker.observability.health;

import io.beamline.worker.observability.health.HealthCheck.Verdict;
import io.beamline.worker.observability.logging.SafeDetails;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Shows a check in Actuator's health. Thread-safe as its check is. */
final class CheckIndicator implements HealthIndicator {

  private final HealthCheck check;

  CheckIndicator(HealthCheck check) {
    this.check = check;
  }

  @Override
  public Health health() {
    Verdict verdict = verdict();
    return (verdict.healthy() ? Health.up() : Health.down())
        .withDetails(SafeDetails.of(verdict.details()))
        .build();
  }

  /** The check's answer; a check that throws is not healthy. */
  Verdict verdict() {
    try {
      return check.check();
    } catch (RuntimeException e) {
      return new Verdict(false, Map.of("error", e.getClass().getSimpleName()));
    }
  }
}
