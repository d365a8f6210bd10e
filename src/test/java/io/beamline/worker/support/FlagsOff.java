package io.beamline.worker.support;

import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.feature.FlagSnapshot;
import java.util.List;

/** All flags off, as in CP1. A test that wants trouble overrides what is to fail. Thread-safe. */
public class FlagsOff implements FeatureFlags {

  @Override
  public FlagSnapshot snapshot(String assignmentId, String tenantId) {
    return FlagSnapshot.of(false, false);
  }

  @Override
  public void onChange(Runnable listener) {}

  @Override
  public boolean queueManagement() {
    return false;
  }

  @Override
  public List<String> enabledNames() {
    return List.of();
  }
}
