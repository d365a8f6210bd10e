package io.beamline.worker.rollout.statistics;

/**
 * Two groups that are alike but for one thing, and how many of each hit.
 *
 * @param hitsWith those of the group with it that hit, 0 to {@code with}
 * @param with the size of the group with it, more than 0
 * @param hitsWithout those of the group without it that hit, 0 to {@code without}
 * @param without the size of the group without it, more than 0
 */
public record Pair(long hitsWith, long with, long hitsWithout, long without) {

  /** Both groups together. */
  double total() {
    return (double) with + without;
  }

  /** Those of both groups that hit. */
  double hits() {
    return (double) hitsWith + hitsWithout;
  }

  /** The hits of the group with it that are to be expected when it makes no difference. */
  double expected() {
    return with * (hits() / total());
  }

  /** The weight of this pair among others (Mantel and Haenszel): half the harmonic mean. */
  public double weight() {
    return with * (without / total());
  }
}
