package io.beamline.worker.result;

import io.beamline.worker.contract.WorkerHeartbeat;
import org.jspecify.annotations.Nullable;

/**
 * The state of the intake, for heartbeats. Implementations are thread-safe and return without
 * waiting.
 */
public interface IntakeView {

  /** Returns the present pause of the intake, or null if it is not paused. */
  WorkerHeartbeat.@Nullable HeartbeatPause pause();
}
