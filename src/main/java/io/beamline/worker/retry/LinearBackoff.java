package io.beamline.worker.retry;

import java.time.Duration;

/**
 * CP1's waits: a step longer before each retry (contract section 5, advanced retry off). Immutable.
 *
 * @param step the wait before the first retry
 */
public record LinearBackoff(Duration step) implements Backoff {

  /** 100, 200, 300 ms and so on. */
  public static final LinearBackoff CP1 = new LinearBackoff(Duration.ofMillis(100));

  @Override
  public Duration before(int retry) {
    return step.multipliedBy(retry);
  }
}
