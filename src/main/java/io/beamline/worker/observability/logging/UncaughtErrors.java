package io.beamline.worker.observability.logging;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs exceptions that end a thread as JSON (contract section 11); the JVM would print them as
 * plain text. Thread-safe.
 */
public final class UncaughtErrors implements Thread.UncaughtExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(UncaughtErrors.class);

  private UncaughtErrors() {}

  /** Installs the handler for all threads of this JVM. Call it before other threads start. */
  public static void install() {
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
