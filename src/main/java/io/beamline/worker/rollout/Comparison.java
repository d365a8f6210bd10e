package io.beamline.worker.rollout;

import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.rollout.Measure.Unit;
import io.beamline.worker.rollout.statistics.ProportionTest;
import io.beamline.worker.rollout.statistics.Quantiles;
import io.beamline.worker.rollout.statistics.RankTest;
import io.beamline.worker.rollout.statistics.Stratum;
import io.beamline.worker.rollout.statistics.TimeBuckets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;

/**
 * Compares steps with some flags to steps without them. Only steps of the same type and with the
 * same other flags are compared with each other. Immutable.
 *
 * @param pairs one pair for each type and set of other flags; its two sides are the steps with the
 *     flags and the steps without them
 */
record Comparison(List<SamplePair> pairs) {

  /** Minimum number of steps on each side of a pair; smaller pairs are left out. */
  static final int MIN_STEPS_PER_PAIR_SIDE = 20;

  /**
   * Collects the pairs of a window that are large enough.
   *
   * @param flags bits of the flags that the steps on one side of each pair have
   */
  static Comparison of(Window window, int flags) {
    List<SamplePair> pairs = new ArrayList<>();
    for (int type = 0; type < window.types().size(); type++) {
      for (int others = 0; others < Flag.SETS; others++) {
        if ((others & flags) == 0) {
          pairs.add(pair(window, type, others | flags, others));
        }
      }
    }
    return new Comparison(
        pairs.stream().filter(pair -> pair.isLargeEnough(Sample::count)).toList());
  }

  private static SamplePair pair(Window window, int type, int with, int without) {
    return new SamplePair(
        window.of(type, with),
        window.of(type, without),
        window.inFlight(with),
        window.inFlight(without));
  }

  /** Returns the number of steps with the flags. */
  long with() {
    return pairs.stream().mapToLong(pair -> pair.with().count()).sum();
  }

  /** Returns the number of steps without the flags. */
  long without() {
    return pairs.stream().mapToLong(pair -> pair.without().count()).sum();
  }

  /** Returns all measures, the success rate first. Call this only if there are pairs. */
  List<Measure> measures() {
    List<Measure> measures = new ArrayList<>();
    measures.add(share("success_rate", "success", pairs, status(StepStatus.SUCCESS)));
    measures.add(share("timeout_rate", "timeouts", pairs, status(StepStatus.TIMEOUT)));
    retriesHelped().ifPresent(measures::add);
    measures.add(attempts());
    measures.add(median());
    int slow = tail(0.05);
    int slowest = tail(0.01);
    measures.add(slowerThan("slow_share", slow));
    if (slowest > slow) {
      measures.add(slowerThan("very_slow_share", slowest));
    }
    return List.copyOf(measures);
  }

  private Optional<Measure> retriesHelped() {
    List<SamplePair> retried =
        pairs.stream().filter(pair -> pair.isLargeEnough(Sample::retried)).toList();
    return retried.isEmpty()
        ? Optional.empty()
        : Optional.of(
            share("retries_helped", "retries helped", retried, Sample::helped, Sample::retried));
  }

  private Measure attempts() {
    double[] with = weighted(Sample::attempts, true);
    double[] without = weighted(Sample::attempts, false);
    return new Measure(
        "attempts_per_step",
        "attempts per step",
        Unit.NUMBER,
        mean(with),
        mean(without),
        RankTest.of(pairs.stream().map(pair -> pair.ranked(Sample::attempts)).toList()),
        WorstCase.ranked(pairs, Sample::attempts));
  }

  private Measure median() {
    return new Measure(
        "p50_ms",
        "p50",
        Unit.MILLIS,
        TimeBuckets.millis(Quantiles.quantile(weighted(Sample::times, true), 0.5)),
        TimeBuckets.millis(Quantiles.quantile(weighted(Sample::times, false), 0.5)),
        RankTest.of(pairs.stream().map(pair -> pair.ranked(Sample::times)).toList()),
        WorstCase.ranked(pairs, Sample::times));
  }

  /** Returns the bucket at which the slowest steps begin: the same bound for both sides. */
  private int tail(double share) {
    double[] both = new double[TimeBuckets.COUNT];
    for (SamplePair pair : pairs) {
      add(both, pair.with().times(), 1);
      add(both, pair.without().times(), 1);
    }
    return Quantiles.tail(both, share);
  }

  private Measure slowerThan(String name, int bucket) {
    double bound = TimeBuckets.lowerBoundMillis(bucket);
    String label = String.format(Locale.ROOT, "slower than %.1f ms", bound);
    return share(name, label, pairs, sample -> from(sample.times(), bucket));
  }

  private static ToLongFunction<Sample> status(StepStatus status) {
    return sample -> sample.count(status);
  }

  private static Measure share(
      String name, String label, List<SamplePair> pairs, ToLongFunction<Sample> hits) {
    return share(name, label, pairs, hits, Sample::count);
  }

  private static Measure share(
      String name,
      String label,
      List<SamplePair> pairs,
      ToLongFunction<Sample> hits,
      ToLongFunction<Sample> total) {
    List<Stratum> counted = pairs.stream().map(pair -> pair.counted(hits, total)).toList();
    return new Measure(
        name,
        label,
        Unit.SHARE,
        ProportionTest.shareWith(counted),
        ProportionTest.shareWithout(counted),
        ProportionTest.of(counted),
        WorstCase.counted(pairs, hits, total));
  }

  /**
   * Returns the shares of one side's steps in each bin. They are summed over the pairs, with the
   * weights of the proportion test.
   */
  private double[] weighted(Function<Sample, long[]> bins, boolean with) {
    double[] sum = new double[bins.apply(Sample.EMPTY).length];
    for (SamplePair pair : pairs) {
      Sample side = with ? pair.with() : pair.without();
      double weight = pair.counted(Sample::count, Sample::count).weight();
      add(sum, bins.apply(side), weight / side.count());
    }
    return sum;
  }

  private static void add(double[] sum, long[] counts, double weight) {
    for (int bin = 0; bin < sum.length; bin++) {
      sum[bin] += counts[bin] * weight;
    }
  }

  private static double mean(double[] weights) {
    double sum = 0;
    double total = 0;
    for (int value = 0; value < weights.length; value++) {
      sum += value * weights[value];
      total += weights[value];
    }
    return sum / total;
  }

  private static long from(long[] counts, int begin) {
    return LongStream.of(counts).skip(begin).sum();
  }
}
