package io.beamline.worker.retry;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What differs for a step type or an HTTP status from the settings of advanced retry. A null says
 * nothing: the next level decides. Immutable.
 *
 * @param maxAttempts the most attempts, including the first, 1 to 20
 * @param baseDelay the delay before the first retry
 * @param maxDelay the longest delay
 * @param multiplier the growth factor, 1.0 or more
 * @param jitter how delays vary
 */
public record RetryOverride(
    @Nullable Integer maxAttempts,
    @Nullable Duration baseDelay,
    @Nullable Duration maxDelay,
    @Nullable Double multiplier,
    @Nullable Jitter jitter) {

  /** The override that says nothing. */
  public static final RetryOverride NONE = new RetryOverride(null, null, null, null, null);

  /** Returns an override with the values of this one, and those of another where it has none. */
  public RetryOverride orElse(RetryOverride other) {
    return new RetryOverride(
        first(maxAttempts, other.maxAttempts),
        first(baseDelay, other.baseDelay),
        first(maxDelay, other.maxDelay),
        first(multiplier, other.multiplier),
        first(jitter, other.jitter));
  }

  /** Returns the delays of a backoff, changed by what this override says. */
  ExponentialBackoff applyTo(ExponentialBackoff backoff) {
    return new ExponentialBackoff(
        baseDelay == null ? backoff.base() : baseDelay,
        multiplier == null ? backoff.multiplier() : multiplier,
        maxDelay == null ? backoff.max() : maxDelay,
        jitter == null ? backoff.jitter() : jitter,
        backoff.random());
  }

  private static <T> @Nullable T first(@Nullable T one, @Nullable T other) {
    return one == null ? other : one;
  }
}
