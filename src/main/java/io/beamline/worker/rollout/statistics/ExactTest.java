package io.beamline.worker.rollout.statistics;

import java.util.List;

/**
 * The exact test of proportions over strata. Under its hypothesis every assignment of the hits of a
 * stratum to its two groups is equally likely. With one stratum it is Fisher's exact test. Pure.
 */
final class ExactTest {

  /** Tolerance for rounding: outcomes as likely as the observed one must count. */
  private static final double TOLERANCE = 1 + 1e-7;

  private ExactTest() {}

  /**
   * Returns the two-sided p-value: the probability of all outcomes at most as likely as the
   * observed one.
   */
  static double twoSided(List<Stratum> stratums) {
    HitDistribution hits = HitDistribution.none();
    long observed = 0;
    for (Stratum stratum : stratums) {
      hits = hits.plus(HitDistribution.of(stratum));
      observed += stratum.hitsWith();
    }
    double limit = hits.probability(observed) * TOLERANCE;
    return hits.probabilityOfAtMost(limit);
  }
}
