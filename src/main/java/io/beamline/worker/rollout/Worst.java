package io.beamline.worker.rollout;

import io.beamline.worker.rollout.statistics.Pair;
import io.beamline.worker.rollout.statistics.ProportionTest;
import io.beamline.worker.rollout.statistics.RankTest;
import io.beamline.worker.rollout.statistics.Ranked;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The largest p-value that a test may have once all steps have ended, however they end; 1 when the
 * difference may turn round. It takes every unended step for one of each type, because its type is
 * not known. Pure.
 */
final class Worst {

  private Worst() {}

  static double counted(
      List<Groups> pairs, ToLongFunction<Sample> hits, ToLongFunction<Sample> of) {
    List<Pair> more = pairs.stream().map(pair -> pair.counted(hits, of, true)).toList();
    List<Pair> fewer = pairs.stream().map(pair -> pair.counted(hits, of, false)).toList();
    return ProportionTest.z(more) * ProportionTest.z(fewer) > 0
        ? Math.max(ProportionTest.of(more).p(), ProportionTest.of(fewer).p())
        : 1;
  }

  static double ranked(List<Groups> pairs, Function<Sample, long[]> bins) {
    List<Ranked> higher = pairs.stream().map(pair -> pair.ranked(bins, true)).toList();
    List<Ranked> lower = pairs.stream().map(pair -> pair.ranked(bins, false)).toList();
    return RankTest.z(higher) * RankTest.z(lower) > 0
        ? Math.max(RankTest.of(higher).p(), RankTest.of(lower).p())
        : 1;
  }
}
