package io.beamline.worker.rollout.statistics;

/** The standard normal distribution. Pure. */
final class Normal {

  /** The coefficients of Chebyshev's fit of erfc (Press et al., Numerical Recipes, erfcc). */
  private static final double[] FIT = {
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806,
    0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277
  };

  private Normal() {}

  /** The two-sided p-value of a z-score, with a relative error below 1.2e-7. */
  static double twoSided(double z) {
    double x = Math.abs(z) / Math.sqrt(2);
    double t = 1 / (1 + x / 2);
    double fit = 0;
    for (int i = FIT.length - 1; i >= 0; i--) {
      fit = fit * t + FIT[i];
    }
    return Math.min(1, t * Math.exp(fit - x * x));
  }
}
