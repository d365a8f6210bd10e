package io.beamline.worker.result;

import java.util.Map;

/**
 * How busy the worker is, for its heartbeat. Implementations are thread-safe and answer at once.
 */
public interface WorkerLoad {

  /** Steps that run. */
  int running();

  /** Whether all slots of a pool are taken. */
  boolean isBusy();

  /** Steps that wait, by pool; for a heartbeat with queue management on. */
  Map<String, Integer> queueDepths();
}
