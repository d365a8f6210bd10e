package io.beamline.worker.connection;

import io.beamline.worker.observability.health.HealthCheck;
import java.util.Map;

/** Readiness follows NATS (contract section 9). */
final class NatsHealth implements HealthCheck {

  private final NatsSessions sessions;

  NatsHealth(NatsSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public String name() {
    return "nats";
  }

  @Override
  public Probe probe() {
    return Probe.READINESS;
  }

  @Override
  public HealthResult check() {
    String trouble = sessions.trouble();
    return new HealthResult(
        trouble.isEmpty(), trouble.isEmpty() ? Map.of() : Map.of("cause", trouble));
  }
}
