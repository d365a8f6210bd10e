package io.beamline.worker.rollout.statistics;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Tests whether the share of hits differs between the groups with and without a flag (Mantel and
 * Haenszel). With one stratum this is the two-proportion z-test. Where few hits or few misses are
 * expected, it uses {@link ExactTest}. Pure.
 */
public final class ProportionTest {

  /** The normal distribution fits if at least this is expected in each cell of the 2 x 2 table. */
  private static final double MIN_EXPECTED = 10;

  private ProportionTest() {}

  /** Tests at least one stratum; groups are compared within their stratum only. */
  public static TestResult of(List<Stratum> strata) {
    boolean one = strata.size() == 1;
    if (minExpected(strata) < MIN_EXPECTED) {
      return new TestResult(
          one ? "Fisher's exact test" : "exact Mantel-Haenszel test", ExactTest.twoSided(strata));
    }
    return TestResult.ofScore(one ? "two-proportion z-test" : "Mantel-Haenszel test", z(strata));
  }

  /** Returns the share of hits with the flag, weighted over the strata; 0 to 1. */
  public static double shareWith(List<Stratum> strata) {
    return weighted(strata, stratum -> (double) stratum.hitsWith() / stratum.with());
  }

  /** Returns the share of hits without the flag, weighted over the strata; 0 to 1. */
  public static double shareWithout(List<Stratum> strata) {
    return weighted(strata, stratum -> (double) stratum.hitsWithout() / stratum.without());
  }

  /** Returns the z-score: positive if the flag has more hits; 0 if all are hits or none is. */
  public static double z(List<Stratum> strata) {
    double difference = sum(strata, stratum -> stratum.hitsWith() - stratum.expected());
    double variance = sum(strata, stratum -> variance(stratum, strata.size() == 1 ? 0 : 1));
    return variance > 0 ? difference / Math.sqrt(variance) : 0;
  }

  private static double variance(Stratum stratum, int lost) {
    double share = stratum.hits() / stratum.total();
    return stratum.weight() * share * (1 - share) * (stratum.total() / (stratum.total() - lost));
  }

  private static double minExpected(List<Stratum> strata) {
    double hitsWith = sum(strata, Stratum::expected);
    double hitsWithout = sum(strata, stratum -> stratum.hits() - stratum.expected());
    double missesWith = sum(strata, stratum -> stratum.with() - stratum.expected());
    double missesWithout = sum(strata, Stratum::total) - hitsWith - hitsWithout - missesWith;
    return Math.min(Math.min(hitsWith, hitsWithout), Math.min(missesWith, missesWithout));
  }

  private static double weighted(List<Stratum> strata, ToDoubleFunction<Stratum> share) {
    return sum(strata, stratum -> stratum.weight() * share.applyAsDouble(stratum))
        / sum(strata, Stratum::weight);
  }

  private static double sum(List<Stratum> strata, ToDoubleFunction<Stratum> value) {
    return strata.stream().mapToDouble(value).sum();
  }
}
