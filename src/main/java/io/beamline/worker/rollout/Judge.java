package io.beamline.worker.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Judges what each flag that is decided per assignment changes. Pure. */
final class Judge {

  private final Window window;
  private final Predicate<Flag> isOn;
  private final Predicate<Flag> isByTenant;

  /**
   * A judge of what was counted.
   *
   * @param isOn whether a flag is on, if only for some assignments
   * @param isByTenant whether its sides are different tenants
   */
  Judge(Window window, Predicate<Flag> isOn, Predicate<Flag> isByTenant) {
    this.isByTenant = isByTenant;
    this.window = window;
    this.isOn = isOn;
  }

  Judgement of(Flag flag) {
    List<Flag> together = isOn.test(flag) ? together(flag) : List.of();
    Comparison comparison = Comparison.of(window, bits(flag, together));
    boolean enough = Math.min(comparison.with(), comparison.without()) >= Judgement.LEAST_ON_SIDE;
    List<Measure> measures =
        enough && isOn.test(flag) ? measures(comparison, flag, together) : List.of();
    Open open = Open.of(window, bits(flag, together));
    RolloutVerdict verdict =
        !measures.isEmpty() && isByTenant(flag, together)
            ? RolloutVerdict.NOT_COMPARABLE
            : verdict(flag, measures, open);
    Wording wording = new Wording(flag, together, comparison.with(), comparison.without(), open);
    return new Judgement(
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

  private RolloutVerdict verdict(Flag flag, List<Measure> measures, Open open) {
    if (!isOn.test(flag)) {
      return RolloutVerdict.OFF;
    }
    if (measures.isEmpty()) {
      return isOnOneSide(flag) ? RolloutVerdict.NOTHING_TO_COMPARE : RolloutVerdict.TOO_EARLY;
    }
    if (measures.stream().anyMatch(measure -> Judgement.isReal(measure, measures))) {
      return RolloutVerdict.REAL;
    }
    boolean may = measures.stream().anyMatch(measure -> Judgement.seemsReal(measure, measures));
    return may || open.isLarge() ? RolloutVerdict.TOO_EARLY : RolloutVerdict.NO_DIFFERENCE;
  }

  private boolean isOnOneSide(Flag flag) {
    long with = window.of(flags -> (flags & flag.bit()) != 0).count();
    long all = window.of(flags -> true).count();
    return all >= Judgement.LEAST_ON_SIDE && (with == 0 || with == all);
  }

  /** The other flags that too few steps have without this one, or lack with it. */
  private List<Flag> together(Flag flag) {
    List<Flag> together = new ArrayList<>();
    Stream.of(Flag.ADVANCED_RETRY, Flag.COMPLETE_TIMEOUT)
        .filter(other -> other != flag && isOn.test(other) && coincide(flag, other))
        .forEach(together::add);
    return List.copyOf(together);
  }

  private boolean coincide(Flag flag, Flag other) {
    int both = flag.bit() | other.bit();
    long apart =
        window.of(flags -> (flags & both) == flag.bit() || (flags & both) == other.bit()).count();
    long same = window.of(flags -> (flags & both) == both).count();
    return apart < Comparison.LEAST_IN_PAIR && same > 0;
  }

  private static int bits(Flag flag, List<Flag> together) {
    return together.stream().mapToInt(Flag::bit).reduce(flag.bit(), (one, other) -> one | other);
  }
}
