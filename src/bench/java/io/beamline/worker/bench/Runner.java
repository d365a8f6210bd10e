package io.beamline.worker.bench;

import io.beamline.worker.support.MemoryCurve;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;

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
    signal("STOP");
  }

  /** Lets it go on where it was. */
  void release() {
    signal("CONT");
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

  private void signal(String signal) {
    try {
      int code = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("process " + pid + " cannot be told to " + signal);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
