package io.beamline.worker.rollout;

import io.beamline.worker.rollout.statistics.ProportionTest;
import io.beamline.worker.rollout.statistics.RankTest;
import io.beamline.worker.rollout.statistics.RankedStratum;
import io.beamline.worker.rollout.statistics.Stratum;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Computes the largest p-value that is possible once all steps in flight have ended; 1 if the
 * difference may change its sign. The type of a step in flight is not known, so that each counts
 * for every type. Pure.
 */
final class WorstCase {

  private WorstCase() {}

  static double counted(
      List<SamplePair> pairs, ToLongFunction<Sample> hits, ToLongFunction<Sample> of) {
    List<Stratum> more = pairs.stream().map(pair -> pair.counted(hits, of, true)).toList();
    List<Stratum> fewer = pairs.stream().map(pair -> pair.counted(hits, of, false)).toList();
    return ProportionTest.z(more) * ProportionTest.z(fewer) > 0
        ? Math.max(ProportionTest.of(more).p(), ProportionTest.of(fewer).p())
        : 1;
  }

  static double ranked(List<SamplePair> pairs, Function<Sample, long[]> bins) {
    List<RankedStratum> higher = pairs.stream().map(pair -> pair.ranked(bins, true)).toList();
    List<RankedStratum> lower = pairs.stream().map(pair -> pair.ranked(bins, false)).toList();
    return RankTest.z(higher) * RankTest.z(lower) > 0
        ? Math.max(RankTest.of(higher).p(), RankTest.of(lower).p())
        : 1;
  }
}
