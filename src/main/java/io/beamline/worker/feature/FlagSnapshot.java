package io.beamline.worker.feature;

/**
 * The flags that apply to one assignment from its arrival to its result (contract section 5).
 * Immutable.
 *
 * @param advancedRetry whether advanced retry applies (W3-1)
 * @param completeTimeout whether complete timeout applies (W3-2)
 * @param circuitBreaker whether circuit breakers and limits of destinations apply (W3-5)
 */
public record FlagSnapshot(boolean advancedRetry, boolean completeTimeout, boolean circuitBreaker) {

  private static final int RETRY = 1;
  private static final int TIMEOUT = 2;
  private static final int BREAKER = 4;

  private static final FlagSnapshot[] ALL = new FlagSnapshot[8];

  static {
    for (int bits = 0; bits < ALL.length; bits++) {
      ALL[bits] =
          new FlagSnapshot((bits & RETRY) != 0, (bits & TIMEOUT) != 0, (bits & BREAKER) != 0);
    }
  }

  /** Returns the snapshot with these flags. It allocates nothing: there are eight of them. */
  public static FlagSnapshot of(
      boolean advancedRetry, boolean completeTimeout, boolean circuitBreaker) {
    return ALL[
        (advancedRetry ? RETRY : 0)
            | (completeTimeout ? TIMEOUT : 0)
            | (circuitBreaker ? BREAKER : 0)];
  }

  /** Returns the snapshot with these flags, and without circuit breakers. */
  public static FlagSnapshot of(boolean advancedRetry, boolean completeTimeout) {
    return of(advancedRetry, completeTimeout, false);
  }
}
