package io.beamline.worker.rollout;

import java.util.List;

/**
 * What the counts of a window show about one flag. Immutable.
 *
 * @param togetherWith other flags that are on for the same steps; the effects cannot be separated
 * @param with number of compared steps with the flag
 * @param without number of compared steps without the flag
 * @param measures the compared measures; empty if too few steps can be compared
 * @param line the evaluation in one line, for a person
 */
record FlagEvaluation(
    Flag flag,
    List<Flag> togetherWith,
    RolloutVerdict verdict,
    long with,
    long without,
    List<Measure> measures,
    String line) {

  /** Probability of at least one false alarm in an evaluation, if the flag changes nothing. */
  static final double SIGNIFICANCE_LEVEL = 0.01;

  /** Minimum number of compared steps on each side. */
  static final int MIN_STEPS_PER_SIDE = 100;

  /** Maximum share of steps in flight on each side for the verdict "no difference". */
  static final double MAX_IN_FLIGHT_SHARE = 0.01;

  /**
   * Whether a difference is significant, and stays so however the steps in flight end. All measures
   * of an evaluation share the significance level (Bonferroni).
   */
  static boolean isSignificant(Measure measure, List<Measure> all) {
    return isSignificantSoFar(measure, all)
        && measure.worstCaseP() < SIGNIFICANCE_LEVEL / all.size();
  }

  /** Whether a difference is significant among the steps that have ended. */
  static boolean isSignificantSoFar(Measure measure, List<Measure> all) {
    return measure.test().p() < SIGNIFICANCE_LEVEL / all.size();
  }
}
