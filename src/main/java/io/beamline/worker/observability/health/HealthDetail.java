package io.beamline.worker.observability.health;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that an operator wants to see beside the readiness checks, and that fails none. Declare
 * a bean, and it appears in {@code /actuator/health} and its readiness. Implementations are
 * thread-safe and answer at once.
 */
public interface HealthDetail {

  /** Its name in health: lower case letters, unique, always the same. */
  String name();

  /** What is shown to everybody; null while nothing is. */
  @Nullable Map<String, Object> details();
}
