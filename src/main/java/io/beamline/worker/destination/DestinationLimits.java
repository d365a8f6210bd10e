package io.beamline.worker.destination;

/**
 * What one destination is spared (W3-5). Immutable.
 *
 * @param breaker when its circuit breaker opens and closes
 * @param maxConcurrency the attempts at once; 0 for no limit
 * @param maxRate the attempts a second; 0 for no limit
 * @param retryBudget the retries, in percent of the first attempts of the last 10 s, 0 or more
 * @param retryMinimum the retries in 10 s that are always allowed, 0 or more
 */
public record DestinationLimits(
    BreakerRule breaker, int maxConcurrency, int maxRate, int retryBudget, int retryMinimum) {

  /** Returns these limits, with at most so many attempts at once; 0 changes nothing. */
  DestinationLimits within(int capacity) {
    int both =
        maxConcurrency == 0 || capacity == 0
            ? Math.max(maxConcurrency, capacity)
            : Math.min(maxConcurrency, capacity);
    return both == maxConcurrency
        ? this
        : new DestinationLimits(breaker, both, maxRate, retryBudget, retryMinimum);
  }

  /** Returns whether attempts may have to wait although the breaker is closed. */
  boolean isLimited() {
    return maxConcurrency > 0 || maxRate > 0;
  }
}
