package io.beamline.worker.rollout.statistics;

/**
 * Two groups that differ in one flag only, and how many members of each are hits.
 *
 * @param hitsWith hits of the group with the flag, 0 to {@code with}
 * @param with size of the group with the flag, above 0
 * @param hitsWithout hits of the group without the flag, 0 to {@code without}
 * @param without size of the group without the flag, above 0
 */
public record Stratum(long hitsWith, long with, long hitsWithout, long without) {

  /** Returns the size of both groups. */
  double total() {
    return (double) with + without;
  }

  /** Returns the hits of both groups. */
  double hits() {
    return (double) hitsWith + hitsWithout;
  }

  /** Returns the hits to expect with the flag if the flag changes nothing. */
  double expected() {
    return with * (hits() / total());
  }

  /**
   * Returns the weight of this stratum by Mantel and Haenszel: half the harmonic mean of the sizes.
   */
  public double weight() {
    return with * (without / total());
  }
}
