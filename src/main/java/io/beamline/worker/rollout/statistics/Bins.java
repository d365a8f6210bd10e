package io.beamline.worker.rollout.statistics;

import java.util.stream.DoubleStream;

/** Where the quantiles of counted values lie. Pure. */
public final class Bins {

  private Bins() {}

  /**
   * The bin of a quantile: the first one up to which at least that share lies.
   *
   * @param counts how many, or how much weight, each bin has, from the lowest up; not all 0
   * @param share above 0, at most 1
   */
  public static int quantile(double[] counts, double share) {
    double wanted = share * DoubleStream.of(counts).sum();
    double soFar = 0;
    int last = 0;
    for (int bin = 0; bin < counts.length; bin++) {
      soFar += counts[bin];
      last = counts[bin] > 0 ? bin : last;
      if (counts[bin] > 0 && soFar >= wanted) {
        return bin;
      }
    }
    return last;
  }

  /**
   * The bin at which the slowest begin: of all bins the one for which the share of this bin and all
   * above comes nearest to the wanted one. Values that are the same are never torn apart.
   *
   * @param counts how many each bin has, from the lowest up; not all 0
   * @param share above 0, below 1
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
