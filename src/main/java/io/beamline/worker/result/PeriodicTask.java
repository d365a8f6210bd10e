package io.beamline.worker.result;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task of a timer, which would drop it after its first failure.
 *
 * @param task what is to run again even if it fails once
 */
record PeriodicTask(Runnable task) implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(PeriodicTask.class);

  @Override
  public void run() {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      log.atWarn()
          .addKeyValue("cause", e.toString())
          .log("A periodic task failed; it will run again");
    }
  }
}
