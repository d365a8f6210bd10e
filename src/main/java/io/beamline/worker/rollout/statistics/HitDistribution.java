package io.beamline.worker.rollout.statistics;

import java.util.stream.DoubleStream;

/**
 * The distribution of the number of hits with the flag, summed over strata, if the flag changes
 * nothing. Commons Math has no sum of hypergeometric distributions, and counts in int. Immutable.
 */
final class HitDistribution {

  /** Values less likely than this fraction of the mode are left out. */
  private static final double NEGLIGIBLE = 1e-18;

  private final long lowest;
  private final double[] probabilities;

  private HitDistribution(long lowest, double[] probabilities) {
    this.lowest = lowest;
    this.probabilities = probabilities;
  }

  /** Returns the distribution without strata: 0 hits for certain. */
  static HitDistribution none() {
    return new HitDistribution(0, new double[] {1});
  }

  /** Returns the hypergeometric distribution of one stratum, computed from its mode outwards. */
  static HitDistribution of(Stratum stratum) {
    long hits = stratum.hitsWith() + stratum.hitsWithout();
    long highest = Math.min(hits, stratum.with());
    long mode =
        Math.min(highest, (long) ((stratum.with() + 1.0) * (hits + 1.0) / (stratum.total() + 2)));
    double[] up = relativeFrom(stratum, mode, 1);
    double[] down = relativeFrom(stratum, mode, -1);
    double[] probabilities = new double[up.length + down.length - 1];
    for (int i = 0; i < down.length; i++) {
      probabilities[down.length - 1 - i] = down[i];
    }
    System.arraycopy(up, 0, probabilities, down.length - 1, up.length);
    return new HitDistribution(mode - down.length + 1, normalised(probabilities));
  }

  /** Returns the distribution of the sum of both, which are independent. */
  HitDistribution plus(HitDistribution other) {
    double[] sums = new double[probabilities.length + other.probabilities.length - 1];
    for (int i = 0; i < probabilities.length; i++) {
      for (int j = 0; j < other.probabilities.length; j++) {
        sums[i + j] += probabilities[i] * other.probabilities[j];
      }
    }
    return new HitDistribution(lowest + other.lowest, sums);
  }

  /** Returns the probability of this number of hits. */
  double probability(long hits) {
    long index = hits - lowest;
    return index < 0 || index >= probabilities.length ? 0 : probabilities[(int) index];
  }

  /** Returns the probability of all numbers of hits that are each at most so likely; 0 to 1. */
  double probabilityOfAtMost(double limit) {
    return Math.min(
        1, DoubleStream.of(probabilities).filter(probability -> probability <= limit).sum());
  }

  private static double[] normalised(double[] weights) {
    double sum = DoubleStream.of(weights).sum();
    return DoubleStream.of(weights).map(weight -> weight / sum).toArray();
  }

  /**
   * Returns the probability of each number of hits from the mode on, as a multiple of the mode's.
   */
  private static double[] relativeFrom(Stratum stratum, long mode, int step) {
    DoubleStream.Builder probabilities = DoubleStream.builder();
    double probability = 1;
    for (long hits = mode; probability > NEGLIGIBLE; hits += step) {
      probabilities.add(probability);
      probability *= step > 0 ? ratioToNext(stratum, hits) : 1 / ratioToNext(stratum, hits - 1);
    }
    return probabilities.build().toArray();
  }

  /** Returns by which factor one more hit with the flag is likelier than {@code hitsWith}. */
  private static double ratioToNext(Stratum stratum, long hitsWith) {
    double hitsLeft = stratum.hits() - hitsWith;
    double missesLeft = (double) stratum.with() - hitsWith;
    double missesWithout = stratum.total() - stratum.with() - hitsLeft;
    return hitsLeft * missesLeft / ((hitsWith + 1.0) * (missesWithout + 1));
  }
}
