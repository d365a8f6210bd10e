package io.beamline.worker.feature;

/**
 * The flags that apply to one assignment from its arrival to its result (contract section 5).
 * Immutable.
 *
 * @param advancedRetry whether advanced retry applies (W3-1)
 * @param completeTimeout whether complete timeout applies (W3-2)
 */
public record FlagSnapshot(boolean advancedRetry, boolean completeTimeout) {

  private static final FlagSnapshot CP1 = new FlagSnapshot(false, false);
  private static final FlagSnapshot RETRY = new FlagSnapshot(true, false);
  private static final FlagSnapshot TIMEOUT = new FlagSnapshot(false, true);
  private static final FlagSnapshot BOTH = new FlagSnapshot(true, true);

  /** Returns the snapshot with these flags. It allocates nothing: there are four of them. */
  public static FlagSnapshot of(boolean advancedRetry, boolean completeTimeout) {
    if (advancedRetry) {
      return completeTimeout ? BOTH : RETRY;
    }
    return completeTimeout ? TIMEOUT : CP1;
  }
}
