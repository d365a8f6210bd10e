package io.beamline.worker.rollout;

import java.util.List;

/**
 * What is to be said of a flag.
 *
 * @param togetherWith flags that are on for the same steps, so that nobody can tell which of them
 *     makes the difference
 * @param with the steps with the flag that can be compared
 * @param without the steps without it that can be compared
 * @param measures what was compared; empty when too little could be
 * @param line all of it in one line, for a person
 */
record Judgement(
    Flag flag,
    List<Flag> togetherWith,
    RolloutVerdict verdict,
    long with,
    long without,
    List<Measure> measures,
    String line) {

  /** How likely one false alarm or more is in a judgement of a flag that changes nothing. */
  static final double LEVEL = 0.01;

  /** Steps that each side must have to be judged. */
  static final int LEAST_ON_SIDE = 100;

  /** The share of a side that may be without a result when nothing is said to differ. */
  static final double MOST_UNENDED = 0.01;

  /**
   * Whether a measure's difference is real, and stays so however the steps end that have not yet:
   * the level is shared by all measures of a judgement.
   */
  static boolean isReal(Measure measure, List<Measure> all) {
    return seemsReal(measure, all) && measure.worst() < LEVEL / all.size();
  }

  /** Whether it is real among the steps that have ended. */
  static boolean seemsReal(Measure measure, List<Measure> all) {
    return measure.test().p() < LEVEL / all.size();
  }
}
