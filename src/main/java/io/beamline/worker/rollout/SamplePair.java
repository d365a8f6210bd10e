package io.beamline.worker.rollout;

import io.beamline.worker.rollout.statistics.RankedStratum;
import io.beamline.worker.rollout.statistics.Stratum;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Two sides of a comparison: steps that differ in the compared flags only.
 *
 * @param with steps with the flags
 * @param without steps without the flags
 * @param inFlightWith upper bound of the steps with the flags that have not ended yet
 * @param inFlightWithout upper bound of the steps without the flags that have not ended yet
 */
record SamplePair(Sample with, Sample without, long inFlightWith, long inFlightWithout) {

  boolean isLargeEnough(ToLongFunction<Sample> size) {
    return Math.min(size.applyAsLong(with), size.applyAsLong(without))
        >= Comparison.MIN_STEPS_PER_PAIR_SIDE;
  }

  Stratum counted(ToLongFunction<Sample> hits, ToLongFunction<Sample> of) {
    return new Stratum(
        hits.applyAsLong(with),
        of.applyAsLong(with),
        hits.applyAsLong(without),
        of.applyAsLong(without));
  }

  /** Counts as if all steps in flight were hits on one side and none on the other. */
  Stratum counted(ToLongFunction<Sample> hits, ToLongFunction<Sample> of, boolean hitWith) {
    return new Stratum(
        hits.applyAsLong(with) + (hitWith ? inFlightWith : 0),
        of.applyAsLong(with) + inFlightWith,
        hits.applyAsLong(without) + (hitWith ? 0 : inFlightWithout),
        of.applyAsLong(without) + inFlightWithout);
  }

  RankedStratum ranked(Function<Sample, long[]> bins) {
    return new RankedStratum(bins.apply(with), bins.apply(without));
  }

  /**
   * Counts as if all steps in flight were in the highest bin on one side, in the lowest on the
   * other.
   */
  RankedStratum ranked(Function<Sample, long[]> bins, boolean highWith) {
    return new RankedStratum(
        joined(bins.apply(with), inFlightWith, highWith),
        joined(bins.apply(without), inFlightWithout, !highWith));
  }

  private static long[] joined(long[] bins, long inFlight, boolean high) {
    long[] joined = bins.clone();
    joined[high ? joined.length - 1 : 0] += inFlight;
    return joined;
  }
}
