package io.beamline.worker.retry;

import java.time.Duration;

/** How long to wait before a retry. Pure; thread-safe. */
public interface Backoff {

  /**
   * The wait before a retry; never negative.
   *
   * @param retry 1 for the first retry
   */
  Duration before(int retry);
}
