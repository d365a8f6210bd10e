package io.beamline.worker.result;

import io.beamline.worker.contract.WorkerHeartbeat;
import org.jspecify.annotations.Nullable;

/** What a heartbeat says of the intake. Implementations are thread-safe and answer at once. */
public interface IntakeView {

  /** The pause of the intake, null while there is none. */
  WorkerHeartbeat.@Nullable Pause pause();
}
