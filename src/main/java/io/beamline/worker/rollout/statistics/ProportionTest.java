package io.beamline.worker.rollout.statistics;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Whether groups hit more or less often with a thing than without it (Mantel and Haenszel). With
 * one pair of groups this is the two-proportion z-test; where few hits or few misses are to be
 * expected it is exact, and then with one pair Fisher's test. Pure.
 */
public final class ProportionTest {

  /** What must be expected in each of the four fields for the normal distribution to fit. */
  private static final double LEAST_EXPECTED = 10;

  private ProportionTest() {}

  /**
   * Tests pairs of groups, at least one; the groups of a pair are compared only with each other.
   */
  public static TestResult of(List<Pair> pairs) {
    boolean one = pairs.size() == 1;
    if (leastExpected(pairs) < LEAST_EXPECTED) {
      return new TestResult(
          one ? "Fisher's exact test" : "exact Mantel-Haenszel test", ExactTest.twoSided(pairs));
    }
    return new TestResult(
        one ? "two-proportion z-test" : "Mantel-Haenszel test", Normal.twoSided(z(pairs)));
  }

  /** The share of hits with the thing, weighted so that it compares with that without it. */
  public static double shareWith(List<Pair> pairs) {
    return weighted(pairs, pair -> (double) pair.hitsWith() / pair.with());
  }

  /** The share of hits without the thing, weighted so that it compares with that with it. */
  public static double shareWithout(List<Pair> pairs) {
    return weighted(pairs, pair -> (double) pair.hitsWithout() / pair.without());
  }

  /** The z-score: positive when there are more hits with the thing; 0 when all hit or none do. */
  public static double z(List<Pair> pairs) {
    double difference = sum(pairs, pair -> pair.hitsWith() - pair.expected());
    double variance = sum(pairs, pair -> variance(pair, pairs.size() == 1 ? 0 : 1));
    return variance > 0 ? difference / Math.sqrt(variance) : 0;
  }

  private static double variance(Pair pair, int lost) {
    double share = pair.hits() / pair.total();
    return pair.weight() * share * (1 - share) * (pair.total() / (pair.total() - lost));
  }

  private static double leastExpected(List<Pair> pairs) {
    double hitsWith = sum(pairs, Pair::expected);
    double hitsWithout = sum(pairs, pair -> pair.hits() - pair.expected());
    double missesWith = sum(pairs, pair -> pair.with() - pair.expected());
    double missesWithout = sum(pairs, Pair::total) - hitsWith - hitsWithout - missesWith;
    return Math.min(Math.min(hitsWith, hitsWithout), Math.min(missesWith, missesWithout));
  }

  private static double weighted(List<Pair> pairs, ToDoubleFunction<Pair> share) {
    return sum(pairs, pair -> pair.weight() * share.applyAsDouble(pair)) / sum(pairs, Pair::weight);
  }

  private static double sum(List<Pair> pairs, ToDoubleFunction<Pair> value) {
    return pairs.stream().mapToDouble(value).sum();
  }
}
