package io.beamline.worker.rollout;

/**
 * The steps since the last change on both sides of some flags, of all types.
 *
 * @param with those with the flags that have not ended yet
 * @param without those without them that have not
 * @param allWith all with the flags
 * @param allWithout all without them
 */
record Open(long with, long without, long allWith, long allWithout) {

  /** Counts them. */
  static Open of(Window window, int flags) {
    long with = window.unended(set -> (set & flags) == flags);
    long without = window.unended(set -> (set & flags) == 0);
    return new Open(
        with,
        without,
        with + window.of(set -> (set & flags) == flags).count(),
        without + window.of(set -> (set & flags) == 0).count());
  }

  /** Whether too many have not ended on either side to say that nothing differs. */
  boolean isLarge() {
    return with > Judgement.MOST_UNENDED * allWith || without > Judgement.MOST_UNENDED * allWithout;
  }
}
