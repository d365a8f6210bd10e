package io.beamline.worker.retry;

import java.time.Duration;

/**
 * The delays of CP1, which grow by the same duration before each retry (contract section 5,
 * advanced retry off). Immutable.
 *
 * @param step the delay before the first retry, and its growth
 */
public record LinearBackoff(Duration step) implements Backoff {

  /** Delays of 100, 200, 300 ms and so on. */
  public static final LinearBackoff CP1 = new LinearBackoff(Duration.ofMillis(100));

  @Override
  public Duration delayBefore(int retry) {
    return step.multipliedBy(retry);
  }
}
