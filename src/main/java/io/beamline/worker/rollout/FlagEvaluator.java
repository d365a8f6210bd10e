package io.beamline.worker.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Evaluates what a flag changes. Only for flags that are decided per assignment. Thread-confined:
 * one instance serves one request.
 */
final class FlagEvaluator {

  /** The flags that are decided for each assignment. */
  static final List<Flag> BY_ASSIGNMENT =
      List.of(Flag.ADVANCED_RETRY, Flag.COMPLETE_TIMEOUT, Flag.CIRCUIT_BREAKER);

  private final Window window;
  private final Predicate<Flag> isOn;
  private final Predicate<Flag> isByTenant;

  /**
   * Creates an evaluator of what a window has counted.
   *
   * @param isOn whether a flag is on for at least some assignments
   * @param isByTenant whether the tenant decides for which assignments a flag is on
   */
  FlagEvaluator(Window window, Predicate<Flag> isOn, Predicate<Flag> isByTenant) {
    this.isByTenant = isByTenant;
    this.window = window;
    this.isOn = isOn;
  }

  FlagEvaluation evaluate(Flag flag) {
    List<Flag> together = isOn.test(flag) ? together(flag) : List.of();
    Comparison comparison = Comparison.of(window, bits(flag, together));
    boolean enough =
        Math.min(comparison.with(), comparison.without()) >= FlagEvaluation.MIN_STEPS_PER_SIDE;
    List<Measure> measures =
        enough && isOn.test(flag) ? measures(comparison, flag, together) : List.of();
    InFlightShare inFlight = InFlightShare.of(window, bits(flag, together));
    RolloutVerdict verdict =
        !measures.isEmpty() && isByTenant(flag, together)
            ? RolloutVerdict.NOT_COMPARABLE
            : verdict(flag, measures, inFlight);
    VerdictText wording =
        new VerdictText(flag, together, comparison.with(), comparison.without(), inFlight);
    return new FlagEvaluation(
        flag,
        together,
        verdict,
        comparison.with(),
        comparison.without(),
        measures,
        wording.of(verdict, measures));
  }

  private List<Measure> measures(Comparison comparison, Flag flag, List<Flag> together) {
    List<Measure> measures = comparison.measures();
    return isByTenant(flag, together)
        ? measures.stream().map(Measure::unproven).toList()
        : measures;
  }

  private boolean isByTenant(Flag flag, List<Flag> together) {
    return isByTenant.test(flag) || together.stream().anyMatch(isByTenant);
  }

  private RolloutVerdict verdict(Flag flag, List<Measure> measures, InFlightShare inFlight) {
    if (!isOn.test(flag)) {
      return RolloutVerdict.OFF;
    }
    if (measures.isEmpty()) {
      return allOnOneSide(flag) ? RolloutVerdict.NOTHING_TO_COMPARE : RolloutVerdict.TOO_EARLY;
    }
    if (measures.stream().anyMatch(measure -> FlagEvaluation.isSignificant(measure, measures))) {
      return RolloutVerdict.REAL;
    }
    boolean significantSoFar =
        measures.stream().anyMatch(measure -> FlagEvaluation.isSignificantSoFar(measure, measures));
    return significantSoFar || inFlight.isLarge()
        ? RolloutVerdict.TOO_EARLY
        : RolloutVerdict.NO_DIFFERENCE;
  }

  private boolean allOnOneSide(Flag flag) {
    long with = window.of(flags -> (flags & flag.bit()) != 0).count();
    long all = window.of(flags -> true).count();
    return all >= FlagEvaluation.MIN_STEPS_PER_SIDE && (with == 0 || with == all);
  }

  /** Returns the other flags that nearly always are on together with this one. */
  private List<Flag> together(Flag flag) {
    List<Flag> together = new ArrayList<>();
    BY_ASSIGNMENT.stream()
        .filter(other -> other != flag && isOn.test(other) && coincide(flag, other))
        .forEach(together::add);
    return List.copyOf(together);
  }

  private boolean coincide(Flag flag, Flag other) {
    int both = flag.bit() | other.bit();
    long apart =
        window.of(flags -> (flags & both) == flag.bit() || (flags & both) == other.bit()).count();
    long same = window.of(flags -> (flags & both) == both).count();
    return apart < Comparison.MIN_STEPS_PER_PAIR_SIDE && same > 0;
  }

  private static int bits(Flag flag, List<Flag> together) {
    return together.stream().mapToInt(Flag::bit).reduce(flag.bit(), (one, other) -> one | other);
  }
}
