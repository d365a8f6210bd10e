package io.beamline.worker.observability.health;

import java.util.Map;

/**
 * A condition of liveness or readiness (contract section 9). A bean of this type appears in {@code
 * /actuator/health}, in its probe and in {@code worker_health_status}. Implementations are
 * thread-safe and never block.
 */
public interface HealthCheck {

  /** Returns the name in health and metrics: lower-case letters, unique, constant. */
  String name();

  /** Returns the probe that this check can fail. */
  Probe probe();

  /** Returns the present state; an exception counts as not healthy. */
  HealthResult check();

  /** The probe of Kubernetes that fails with a check. */
  enum Probe {
    /** The worker must be restarted. */
    LIVENESS,
    /** The worker accepts no assignments for now. */
    READINESS
  }

  /**
   * The result of a check.
   *
   * @param healthy whether the condition holds
   * @param details facts for an operator; the endpoint is public, so that secrets and user info in
   *     addresses are removed before they are shown
   */
  record HealthResult(boolean healthy, Map<String, Object> details) {}
}
