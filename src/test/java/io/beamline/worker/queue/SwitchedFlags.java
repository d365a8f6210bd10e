package io.beamline.worker.queue;

import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.feature.FlagSnapshot;
import java.util.List;

/** Flags of which only queue management is ever on. */
final class SwitchedFlags implements FeatureFlags {

  volatile boolean on;

  SwitchedFlags(boolean on) {
    this.on = on;
  }

  @Override
  public FlagSnapshot snapshot(String assignmentId, String tenantId) {
    return FlagSnapshot.of(false, false);
  }

  @Override
  public boolean queueManagement() {
    return on;
  }

  @Override
  public void onChange(Runnable listener) {}

  @Override
  public List<String> enabledNames() {
    return List.of();
  }
}
