package io.beamline.worker.rollout.statistics;

import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * The result of a statistical test.
 *
 * @param test its name, for a person
 * @param p the two-sided p-value, 0 to 1: how likely chance alone makes a difference as large
 */
public record TestResult(String test, double p) {

  private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

  /** Returns the result of a test whose z-score has the standard normal distribution. */
  static TestResult ofScore(String test, double z) {
    return new TestResult(test, 2 * NORMAL.cumulativeProbability(-Math.abs(z)));
  }
}
