package io.beamline.worker.connection;

import io.beamline.worker.observability.health.HealthCheck;
import java.util.Map;

/**
 * The worker is ready only while it can use NATS (contract section 9). Thread-safe, as {@link
 * NatsSessions} is.
 */
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
    String problem = sessions.problem();
    return new HealthResult(
        problem.isEmpty(), problem.isEmpty() ? Map.of() : Map.of("cause", problem));
  }
}
