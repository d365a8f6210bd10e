package io.beamline.worker.observability.health;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Facts shown beside the readiness checks that never fail the probe. A bean of this type appears in
 * {@code /actuator/health} and its readiness group. Implementations are thread-safe and never
 * block.
 */
public interface HealthDetail {

  /** Returns the name in health: lower-case letters, unique, constant. */
  String name();

  /** Returns the facts, which are public; null while there are none. */
  @Nullable Map<String, Object> details();
}
