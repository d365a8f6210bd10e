package io.beamline.worker.observability.health;

import java.util.Map;

/**
 * One thing that must be well for the worker to live or to take work (contract section 9). Declare
 * a bean, and it appears in {@code /actuator/health}, in its probe and in {@code
 * worker_health_status}. Implementations are thread-safe and answer at once.
 */
public interface HealthCheck {

  /** The check's name in health and metrics: lower case letters, unique, always the same. */
  String name();

  /** The probe that this check can fail. */
  Probe probe();

  /** How it is now; an exception counts as not healthy. */
  Verdict check();

  /** What a failed check means to whoever runs the worker. */
  enum Probe {
    /** Restart the worker. */
    LIVENESS,
    /** The worker takes no work for now. */
    READINESS
  }

  /**
   * The answer of a check.
   *
   * @param healthy whether all is well
   * @param details what an operator wants to know; shown to everybody, so secrets and user info in
   *     addresses are taken out
   */
  record Verdict(boolean healthy, Map<String, Object> details) {}
}
