package io.beamline.worker.intake;

import io.beamline.worker.observability.health.HealthCheck;
import java.util.Map;

/** Readiness goes down while the worker drains (contract section 9). */
final class DrainHealth implements HealthCheck {

  private final IntakeLoop loop;

  DrainHealth(IntakeLoop loop) {
    this.loop = loop;
  }

  @Override
  public String name() {
    return "drain";
  }

  @Override
  public Probe probe() {
    return Probe.READINESS;
  }

  @Override
  public HealthResult check() {
    boolean drains = loop.isStopping();
    return new HealthResult(!drains, drains ? Map.of("cause", "the worker drains") : Map.of());
  }
}
