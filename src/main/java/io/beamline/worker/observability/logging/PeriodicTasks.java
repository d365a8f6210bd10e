package io.beamline.worker.observability.logging;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Creates schedulers that log each failure of a periodic task and run the task again. */
public final class PeriodicTasks {

  private static final Logger log = LoggerFactory.getLogger(PeriodicTasks.class);

  private PeriodicTasks() {}

  /**
   * Creates a scheduler with daemon threads; the Spring context initializes it. It runs tasks until
   * it is shut down, also while the application stops.
   *
   * @param name prefix of the thread names
   * @param throttle limits the log lines of a task that keeps failing
   */
  public static ThreadPoolTaskScheduler scheduler(String name, int threads, LogThrottle throttle) {
    ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
    scheduler.setThreadNamePrefix(name);
    scheduler.setPoolSize(threads);
    scheduler.setDaemon(true);
    scheduler.setRemoveOnCancelPolicy(true);
    scheduler.setErrorHandler(failure -> report(name, failure, throttle));
    scheduler.setAcceptTasksAfterContextClose(true);
    scheduler.setPhase(Integer.MIN_VALUE);
    return scheduler;
  }

  private static void report(String name, Throwable failure, LogThrottle throttle) {
    try {
      throttle.log(
          "periodic task " + name,
          log.atError().addKeyValue("scheduler", name).setCause(failure),
          "A periodic task failed; it runs again");
    } catch (RuntimeException | Error e) {
      // Logging may fail when memory is short; that must not end the task.
    }
  }
}
