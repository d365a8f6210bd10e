package io.beamline.worker.intake;

import io.beamline.worker.observability.health.HealthCheck;
import java.time.Duration;
import java.util.Map;

/**
 * Liveness goes down at once when the thread of the intake loop has ended, and after 10 s when it
 * hangs (contract section 9).
 */
final class IntakeHealth implements HealthCheck {

  private static final Duration DEAD_AFTER = Duration.ofSeconds(10);

  private final IntakeLoop loop;

  IntakeHealth(IntakeLoop loop) {
    this.loop = loop;
  }

  @Override
  public String name() {
    return "intake";
  }

  @Override
  public Probe probe() {
    return Probe.LIVENESS;
  }

  @Override
  public HealthResult check() {
    Duration silent = loop.sinceLastTurn();
    boolean silentForLong = silent.compareTo(DEAD_AFTER) >= 0;
    boolean alive = loop.isStopping() || !(loop.hasDied() || silentForLong);
    return new HealthResult(alive, alive ? Map.of() : Map.of("silent_seconds", silent.toSeconds()));
  }
}
