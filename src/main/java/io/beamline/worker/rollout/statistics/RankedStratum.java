package io.beamline.worker.rollout.statistics;

/**
 * Two groups that differ in one flag only, with their values counted in bins. The arrays are not
 * copied; nobody may change them.
 */
public final class RankedStratum {

  private final long[] with;
  private final long[] without;

  /**
   * Creates a stratum of two groups, neither of them empty.
   *
   * @param with counts of the group with the flag, from the lowest bin up
   * @param without counts of the group without the flag, in the same bins
   */
  public RankedStratum(long[] with, long[] without) {
    this.with = with;
    this.without = without;
  }

  /** Compares the rank sum with the flag to its expectation; tied values share the mean rank. */
  RankScore score() {
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
    return new RankScore(
        weight * (ranks - size * (before + 1) / 2), weight * weight * Math.max(0, variance));
  }

  /**
   * The share of one stratum in the test.
   *
   * @param difference weighted rank sum minus its expectation
   * @param variance of the difference, if the flag changes nothing
   */
  record RankScore(double difference, double variance) {}
}
