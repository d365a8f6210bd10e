package io.beamline.worker.rollout.statistics;

import io.beamline.worker.rollout.statistics.RankedStratum.RankScore;
import java.util.List;

/**
 * Tests whether values tend to be larger or smaller with a flag than without it (van Elteren). With
 * one stratum this is the Mann-Whitney test with ties. Pure.
 */
public final class RankTest {

  private RankTest() {}

  /** Tests at least one stratum; groups are compared within their stratum only. */
  public static TestResult of(List<RankedStratum> strata) {
    return TestResult.ofScore(
        strata.size() == 1 ? "Mann-Whitney test" : "van Elteren test", z(strata));
  }

  /** Returns the z-score: positive if values are larger with the flag; 0 if all are equal. */
  public static double z(List<RankedStratum> strata) {
    List<RankScore> scores = strata.stream().map(RankedStratum::score).toList();
    double variance = scores.stream().mapToDouble(RankScore::variance).sum();
    double difference = scores.stream().mapToDouble(RankScore::difference).sum();
    return variance > 0 ? difference / Math.sqrt(variance) : 0;
  }
}
