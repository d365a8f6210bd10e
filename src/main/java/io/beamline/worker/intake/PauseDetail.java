package io.beamline.worker.intake;

import io.beamline.worker.observability.health.HealthDetail;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a pause in health. Readiness stays up, because the worker is well. */
final class PauseDetail implements HealthDetail {

  private final IntakePause pause;

  PauseDetail(IntakePause pause) {
    this.pause = pause;
  }

  @Override
  public String name() {
    return "pause";
  }

  /** Leaves out the user who requested the pause, because health is public. */
  @Override
  public @Nullable Map<String, Object> details() {
    Pause now = pause.current();
    if (now == null) {
      return null;
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("paused", true);
    if (now.until() != null) {
      details.put("until", now.until().toString());
    }
    return details;
  }
}
