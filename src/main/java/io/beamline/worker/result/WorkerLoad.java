package io.beamline.worker.result;

import java.util.Map;

/**
 * The load of the worker, for heartbeats. Implementations are thread-safe and return without
 * waiting.
 */
public interface WorkerLoad {

  /** Returns the number of steps that run. */
  int running();

  /** Returns whether all slots of at least one pool are taken. */
  boolean isBusy();

  /** Returns the number of waiting steps by pool name. */
  Map<String, Integer> queueDepths();
}
