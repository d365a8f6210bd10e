package io.beamline.worker.rollout;

import io.beamline.worker.rollout.statistics.TestResult;

/**
 * One thing that was compared.
 *
 * @param name its name in the report
 * @param label what it is, for a person
 * @param unit how its values are written
 * @param with its value for the steps with the flag
 * @param without its value for the steps without it
 * @param test what the test says of the difference
 * @param worst the largest p-value it may have once the steps that have not ended yet have
 */
record Measure(
    String name,
    String label,
    Unit unit,
    double with,
    double without,
    TestResult test,
    double worst) {

  /** Without a claim that the flag makes the difference, however large it is. */
  Measure unproven() {
    return new Measure(name, label, unit, with, without, test, 1);
  }

  /** How a value is written. */
  enum Unit {
    /** 0 to 1, written as a percentage. */
    SHARE,
    /** Attempts. */
    NUMBER,
    /** Milliseconds. */
    MILLIS
  }
}
