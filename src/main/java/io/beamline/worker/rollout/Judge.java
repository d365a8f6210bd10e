package io.beamline.worker.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Judges what each flag that is decided per assignment changes. Pure. */
final class Judge {

  private final Window window;
  private final Predicate<Flag> isOn;

  /**
   * A judge of what was counted.
   *
   * @param isOn whether a flag is on, if only for some assignments
   */
  Judge(Window window, Predicate<Flag> isOn) {
    this.window = window;
    this.isOn = isOn;
  }

  Judgement of(Flag flag) {
    List<Flag> together = isOn.test(flag) ? together(flag) : List.of();
    Comparison comparison = Comparison.of(window, bits(flag, together));
    boolean enough = Math.min(comparison.with(), comparison.without()) >= Judgement.LEAST_ON_SIDE;
    List<Measure> measures = enough && isOn.test(flag) ? comparison.measures() : List.of();
    Verdict verdict = verdict(flag, measures);
    Wording wording = new Wording(flag, together, comparison.with(), comparison.without());
    return new Judgement(
        flag,
        together,
        verdict,
        comparison.with(),
        comparison.without(),
        measures,
        wording.of(verdict, measures));
  }

  private Verdict verdict(Flag flag, List<Measure> measures) {
    if (!isOn.test(flag)) {
      return Verdict.OFF;
    }
    if (measures.isEmpty()) {
      return isOnOneSide(flag) ? Verdict.NOTHING_TO_COMPARE : Verdict.TOO_EARLY;
    }
    return measures.stream().anyMatch(measure -> Judgement.isReal(measure, measures))
        ? Verdict.REAL
        : Verdict.NO_DIFFERENCE;
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
