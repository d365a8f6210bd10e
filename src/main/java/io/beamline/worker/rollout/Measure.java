package io.beamline.worker.rollout;

import io.beamline.worker.rollout.statistics.TestResult;

/**
 * One compared measure.
 *
 * @param name its name in the report
 * @param label its name for a person
 * @param unit unit of its values
 * @param with value of the steps with the flag
 * @param without value of the steps without the flag
 * @param test result of the test whether both values differ
 * @param worstCaseP largest p-value that is possible once the steps in flight have ended
 */
record Measure(
    String name,
    String label,
    Unit unit,
    double with,
    double without,
    TestResult test,
    double worstCaseP) {

  /** Returns this measure as not significant: the worst case of its p-value is 1. */
  Measure unproven() {
    return new Measure(name, label, unit, with, without, test, 1);
  }

  /** The unit of a value. */
  enum Unit {
    /** 0 to 1, written as a percentage. */
    SHARE,
    /** Attempts. */
    NUMBER,
    /** Milliseconds. */
    MILLIS
  }
}
