package io.beamline.worker.bench;

import io.beamline.worker.support.MemoryCurve;
import io.beamline.worker.support.Signals;
import io.beamline.worker.support.WorkerProcess;

/**
 * A process that takes assignments.
 *
 * @param pid its id
 * @param end ends it
 */
record Runner(long pid, Runnable end) {

  static Runner of(WorkerProcess worker) {
    return new Runner(worker.pid(), worker::close);
  }

  /** Freezes it: it takes nothing and costs nothing. */
  void hold() {
    Signals.send(pid, "STOP");
  }

  /** Lets it go on where it was. */
  void release() {
    Signals.send(pid, "CONT");
  }

  /** The processor time that it has used, in seconds; counted in hundredths. */
  double processorSeconds() {
    return ProcessHandle.of(pid)
            .flatMap(process -> process.info().totalCpuDuration())
            .orElseThrow(() -> new IllegalStateException("process " + pid + " has ended"))
            .toMillis()
        / 1000.0;
  }

  /** What the system holds for it in memory. */
  long residentKb() {
    return MemoryCurve.residentKb(pid);
  }
}
