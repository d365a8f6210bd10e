package io.beamline.worker.rollout.statistics;

import java.util.List;

/**
 * The exact test of proportions over pairs of groups: all ways to deal the hits of each pair to its
 * groups are equally likely. With one pair it is Fisher's. Pure.
 */
final class ExactTest {

  /** Ways as likely as the one that was seen count, also when rounding says otherwise. */
  private static final double ROUNDING = 1 + 1e-7;

  private ExactTest() {}

  /** How likely a result is that is no more likely than the one that was seen. */
  static double twoSided(List<Pair> pairs) {
    Hits hits = Hits.none();
    long seen = 0;
    for (Pair pair : pairs) {
      hits = hits.plus(Hits.of(pair));
      seen += pair.hitsWith();
    }
    double limit = hits.chance(seen) * ROUNDING;
    return hits.ofAtMost(limit);
  }
}
