package io.beamline.worker.observability.logging;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what no code of a thread caught, which the JVM would print as text: even then a line is JSON
 * (contract section 11). The line names the thread that ended. Thread-safe.
 */
public final class UncaughtErrors implements Thread.UncaughtExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(UncaughtErrors.class);

  private UncaughtErrors() {}

  /** Logs for every thread of this JVM from now on; to be called before any other is started. */
  public static void logFromNowOn() {
    Thread.setDefaultUncaughtExceptionHandler(new UncaughtErrors());
  }

  @Override
  public void uncaughtException(Thread thread, Throwable error) {
    log.atError()
        .addKeyValue("ended_thread", thread.getName())
        .setCause(error)
        .log("A thread ended over an error that nothing caught");
  }
}
