package io.beamline.worker.rollout;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes the verdict about a flag as one line for a person. Pure.
 *
 * @param with number of compared steps with the flag
 * @param without number of compared steps without the flag
 * @param inFlight steps that have not ended yet
 */
record VerdictText(
    Flag flag, List<Flag> togetherWith, long with, long without, InFlightShare inFlight) {

  String of(RolloutVerdict verdict, List<Measure> measures) {
    String text =
        switch (verdict) {
          case OFF -> "off, so there is nothing to compare";
          case NOTHING_TO_COMPARE ->
              "all steps since the last change are on one side, so there is nothing to compare";
          case REAL, NO_DIFFERENCE -> compared(measures);
          case NOT_COMPARABLE -> otherTenants(measures);
          case TOO_EARLY ->
              "too early to tell: " + (measures.isEmpty() ? tooFew() : stepsInFlight());
        };
    return subject() + ": " + text;
  }

  private String otherTenants(List<Measure> measures) {
    return measures.stream()
        .limit(1)
        .map(measure -> values(measure, measures))
        .collect(
            Collectors.joining(
                "",
                "",
                "; the sides are different tenants, so that nobody can tell what the flag changes"));
  }

  private String tooFew() {
    return "%d steps with it can be compared with %d without, and both must be %d or more"
        .formatted(with, without, FlagEvaluation.MIN_STEPS_PER_SIDE);
  }

  private String stepsInFlight() {
    return "of the steps that arrived since the change, %d of %d with it and %d of %d without have not ended yet"
        .formatted(inFlight.with(), inFlight.allWith(), inFlight.without(), inFlight.allWithout());
  }

  private String subject() {
    return togetherWith.isEmpty()
        ? flag.feature()
        : flag.feature()
            + togetherWith.stream()
                .map(Flag::feature)
                .collect(
                    Collectors.joining(
                        " and ",
                        " together with ",
                        ", on for the same steps and not to be told apart"));
  }

  /** Lists the success rate and every significant measure. */
  private String compared(List<Measure> measures) {
    return measures.stream()
        .filter(
            measure ->
                measure.equals(measures.getFirst())
                    || FlagEvaluation.isSignificant(measure, measures))
        .map(measure -> compared(measure, measures))
        .collect(Collectors.joining("; "));
  }

  private String compared(Measure measure, List<Measure> all) {
    return "%s: %s (%s, %s)"
        .formatted(
            values(measure, all),
            finding(measure, all),
            measure.test().test(),
            chance(measure.test().p()));
  }

  private String values(Measure measure, List<Measure> all) {
    return "%s %s with it, %s without%s"
        .formatted(
            measure.label(),
            value(measure.with(), measure.unit()),
            value(measure.without(), measure.unit()),
            measure.equals(all.getFirst()) ? " (n=" + with + ", " + without + ")" : "");
  }

  private static String finding(Measure measure, List<Measure> all) {
    if (FlagEvaluation.isSignificant(measure, all)) {
      return "real";
    }
    return FlagEvaluation.isSignificantSoFar(measure, all)
        ? "open until more steps have ended"
        : "no real difference so far";
  }

  private static String value(double value, Measure.Unit unit) {
    return switch (unit) {
      case SHARE -> String.format(Locale.ROOT, "%.1f %%", 100 * value);
      case NUMBER -> String.format(Locale.ROOT, "%.2f", value);
      case MILLIS -> String.format(Locale.ROOT, "%.1f ms", value);
    };
  }

  private static String chance(double p) {
    return p < 0.001 ? "p < 0.001" : String.format(Locale.ROOT, "p = %.3f", p);
  }
}
