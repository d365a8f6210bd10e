package io.beamline.worker.rollout.statistics;

import io.beamline.worker.rollout.statistics.Ranked.Score;
import java.util.List;

/**
 * Whether what was measured tends to be larger or smaller with a thing than without it (van
 * Elteren); with one pair of groups this is Mann and Whitney's test, with ties. Pure.
 */
public final class RankTest {

  private RankTest() {}

  /**
   * Tests pairs of groups, at least one; the groups of a pair are compared only with each other.
   */
  public static TestResult of(List<Ranked> pairs) {
    return new TestResult(
        pairs.size() == 1 ? "Mann-Whitney test" : "van Elteren test", Normal.twoSided(z(pairs)));
  }

  /** The z-score: positive when it is larger with the thing; 0 when all is the same. */
  public static double z(List<Ranked> pairs) {
    List<Score> scores = pairs.stream().map(Ranked::score).toList();
    double variance = scores.stream().mapToDouble(Score::variance).sum();
    double difference = scores.stream().mapToDouble(Score::difference).sum();
    return variance > 0 ? difference / Math.sqrt(variance) : 0;
  }
}
