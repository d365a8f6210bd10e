package io.beamline.worker.timeout;

import java.time.Duration;

/** The only way the worker looks at a clock or waits. Thread-safe. */
public interface TimeSource {

  /** Monotonic time in nanoseconds; only differences mean anything. */
  long nanos();

  /**
   * Wall-clock time in milliseconds since the epoch, for messages, logs, and to understand a time
   * that somebody names; never to wait by.
   */
  long epochMillis();

  /**
   * Waits.
   *
   * @param time how long; zero or less returns at once
   * @throws InterruptedException when the thread is interrupted
   */
  void sleep(Duration time) throws InterruptedException;

  /** The machine's clocks. */
  static TimeSource system() {
    return SystemTimeSource.INSTANCE;
  }
}
