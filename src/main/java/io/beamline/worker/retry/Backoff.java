package io.beamline.worker.retry;

import java.time.Duration;

/** Calculates the delay before a retry. Implementations are thread-safe. */
public interface Backoff {

  /**
   * Returns the delay before a retry; never negative.
   *
   * @param retry 1 for the first retry
   */
  Duration delayBefore(int retry);
}
