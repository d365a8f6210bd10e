package io.beamline.worker.timeout;

import java.time.Duration;

/**
 * The clock of the worker. All code reads the time and sleeps through it, so tests can replace it.
 * Thread-safe.
 */
public interface TimeSource {

  /** Returns the monotonic time in nanoseconds. Only differences are meaningful. */
  long nanos();

  /**
   * Returns the wall-clock time in milliseconds since the epoch. Use it for messages, logs and
   * dates of other systems, never to measure a wait.
   */
  long epochMillis();

  /**
   * Sleeps on the calling thread.
   *
   * @param time how long to sleep; zero or less returns at once
   * @throws InterruptedException if the thread is interrupted
   */
  void sleep(Duration time) throws InterruptedException;

  /** Returns the clocks of the machine. */
  static TimeSource system() {
    return SystemTimeSource.INSTANCE;
  }
}
