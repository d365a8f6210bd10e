package io.beamline.worker.rollout;

import io.beamline.worker.rollout.statistics.Pair;
import io.beamline.worker.rollout.statistics.Ranked;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Two groups of steps that differ in the flags only.
 *
 * @param unendedWith steps with the flags that may still join their group, at most
 * @param unendedWithout steps without them that may
 */
record Groups(Sample with, Sample without, long unendedWith, long unendedWithout) {

  boolean isLarge(ToLongFunction<Sample> size) {
    return Math.min(size.applyAsLong(with), size.applyAsLong(without)) >= Comparison.LEAST_IN_PAIR;
  }

  Pair counted(ToLongFunction<Sample> hits, ToLongFunction<Sample> of) {
    return new Pair(
        hits.applyAsLong(with),
        of.applyAsLong(with),
        hits.applyAsLong(without),
        of.applyAsLong(without));
  }

  /** As if all that have not ended would hit on one side, and none on the other. */
  Pair counted(ToLongFunction<Sample> hits, ToLongFunction<Sample> of, boolean hitWith) {
    return new Pair(
        hits.applyAsLong(with) + (hitWith ? unendedWith : 0),
        of.applyAsLong(with) + unendedWith,
        hits.applyAsLong(without) + (hitWith ? 0 : unendedWithout),
        of.applyAsLong(without) + unendedWithout);
  }

  Ranked ranked(Function<Sample, long[]> bins) {
    return new Ranked(bins.apply(with), bins.apply(without));
  }

  /** As if all that have not ended would be the highest on one side, the lowest on the other. */
  Ranked ranked(Function<Sample, long[]> bins, boolean highWith) {
    return new Ranked(
        joined(bins.apply(with), unendedWith, highWith),
        joined(bins.apply(without), unendedWithout, !highWith));
  }

  private static long[] joined(long[] bins, long unended, boolean high) {
    long[] joined = bins.clone();
    joined[high ? joined.length - 1 : 0] += unended;
    return joined;
  }
}
