package io.beamline.worker.bench;

import io.beamline.worker.support.WorkerProcess;

/** The flags of a worker that is measured. */
final class Flags {

  private Flags() {}

  /** As a worker comes. */
  static WorkerProcess.Builder off(WorkerProcess.Builder worker) {
    return worker;
  }

  /** All on; a round's heap of assignments fits in the queue. */
  static WorkerProcess.Builder on(WorkerProcess.Builder worker) {
    return worker.allFlags(true).env("WORKER_POOLS_CPU_MAX_QUEUE_SIZE", "1000000");
  }
}
