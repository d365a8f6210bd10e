package io.beamline.worker.connection;

import io.beamline.worker.observability.health.HealthCheck;
import java.util.Map;

/**
 * The worker is ready only while it can use NATS (contract section 9). Without the stream of dead
 * letters it is ready too, and says so. Thread-safe, as {@link NatsSessions} is.
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
    if (!problem.isEmpty()) {
      return new HealthResult(false, Map.of("cause", problem));
    }
    String noDeadLetters = sessions.deadLetterProblem();
    return new HealthResult(
        true, noDeadLetters.isEmpty() ? Map.of() : Map.of("dead_letters", noDeadLetters));
  }
}
