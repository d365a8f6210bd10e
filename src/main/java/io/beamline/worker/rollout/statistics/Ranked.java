package io.beamline.worker.rollout.statistics;

/**
 * Two groups that are alike but for one thing, sorted into bins by what was measured. The arrays
 * are not copied and never changed.
 */
public final class Ranked {

  private final long[] with;
  private final long[] without;

  /**
   * A pair of groups, neither of them empty.
   *
   * @param with how many of the group with the thing are in each bin, from the lowest bin up
   * @param without the same of the group without it, as many bins
   */
  public Ranked(long[] with, long[] without) {
    this.with = with;
    this.without = without;
  }

  /** The rank sum of the group with the thing, ties sharing theirs, less what is to be expected. */
  Score score() {
    double before = 0;
    double ranks = 0;
    double ties = 0;
    double size = 0;
    for (int bin = 0; bin < with.length; bin++) {
      double tied = (double) with[bin] + without[bin];
      ranks += with[bin] * (before + (tied + 1) / 2);
      ties += tied * tied * tied - tied;
      size += with[bin];
      before += tied;
    }
    double other = before - size;
    double variance = size * other / 12 * (before + 1 - ties / (before * (before - 1)));
    double weight = 1 / (before + 1);
    return new Score(
        weight * (ranks - size * (before + 1) / 2), weight * weight * Math.max(0, variance));
  }

  /**
   * What a pair adds to the test.
   *
   * @param difference of the weighted rank sum from its expectation
   * @param variance of that when the thing makes no difference
   */
  record Score(double difference, double variance) {}
}
