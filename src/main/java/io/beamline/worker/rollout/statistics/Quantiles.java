package io.beamline.worker.rollout.statistics;

import java.util.stream.DoubleStream;

/** Finds quantiles of values that are counted in bins. Pure. */
public final class Quantiles {

  private Quantiles() {}

  /**
   * Returns the bin of a quantile: the lowest one at or below which at least the share lies.
   *
   * @param counts the count or weight of each bin, from the lowest bin up; not all 0
   * @param share of the total, above 0 and at most 1
   */
  public static int quantile(double[] counts, double share) {
    double target = share * DoubleStream.of(counts).sum();
    double soFar = 0;
    int last = 0;
    for (int bin = 0; bin < counts.length; bin++) {
      soFar += counts[bin];
      last = counts[bin] > 0 ? bin : last;
      if (counts[bin] > 0 && soFar >= target) {
        return bin;
      }
    }
    return last;
  }

  /**
   * Returns the bin at which the upper tail begins. Its share is the nearest to the given one that
   * whole bins allow.
   *
   * @param counts the count of each bin, from the lowest bin up; not all 0
   * @param share of the total, above 0 and below 1
   */
  public static int tail(double[] counts, double share) {
    double total = DoubleStream.of(counts).sum();
    double above = 0;
    double nearest = Double.MAX_VALUE;
    int begin = counts.length;
    for (int bin = counts.length - 1; bin >= 0; bin--) {
      above += counts[bin];
      double distance = Math.abs(above / total - share);
      if (counts[bin] > 0 && distance <= nearest) {
        nearest = distance;
        begin = bin;
      }
    }
    return begin;
  }
}
