package io.beamline.worker.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.support.FakeTime;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FlagEvaluatorTest {

  private static final FlagSnapshot CP1 = FlagSnapshot.of(false, false);
  private static final FlagSnapshot RETRY = FlagSnapshot.of(true, false);
  private static final FlagSnapshot TIMEOUT = FlagSnapshot.of(false, true);
  private static final FlagSnapshot BOTH = FlagSnapshot.of(true, true);
  private static final Set<Flag> ON = EnumSet.of(Flag.ADVANCED_RETRY, Flag.COMPLETE_TIMEOUT);

  private final FakeTime time = new FakeTime();
  private final RolloutRecorder recorder = new RolloutRecorder(List.of("a", "b"), time);

  @Test
  void saysThatADifferenceIsRealAndByWhichTest() {
    steps("a", RETRY, StepStatus.SUCCESS, 1, 1_165);
    steps("a", RETRY, StepStatus.ERROR, 1, 35);
    steps("a", CP1, StepStatus.SUCCESS, 1, 1_012);
    steps("a", CP1, StepStatus.ERROR, 1, 178);

    FlagEvaluation evaluation = evaluate(Flag.ADVANCED_RETRY);

    assertThat(evaluation.verdict()).isEqualTo(RolloutVerdict.REAL);
    assertThat(evaluation.line())
        .isEqualTo(
            "CP2_ADVANCED_RETRY_ENABLED: success 97.1 % with it, 85.0 % without"
                + " (n=1200, 1190): real (two-proportion z-test, p < 0.001)");
  }

  @Test
  void saysThatItIsTooEarlyWithFewSteps() {
    steps("a", RETRY, StepStatus.SUCCESS, 1, 99);
    steps("a", CP1, StepStatus.ERROR, 4, 5_000);

    FlagEvaluation evaluation = evaluate(Flag.ADVANCED_RETRY);

    assertThat(evaluation.verdict()).isEqualTo(RolloutVerdict.TOO_EARLY);
    assertThat(evaluation.measures()).isEmpty();
    assertThat(evaluation.line())
        .isEqualTo(
            "CP2_ADVANCED_RETRY_ENABLED: too early to tell: 99 steps with it can be compared"
                + " with 5000 without, and both must be 100 or more");
  }

  /** Both sides hang as often, but the one with the flag is cut earlier. */
  @Test
  void waitsForWhatHasNotEndedBeforeItCallsADifferenceReal() {
    for (FlagSnapshot side : List.of(CP1, TIMEOUT)) {
      arrived(side, 1_000);
      steps("a", side, StepStatus.SUCCESS, 1, 950);
    }
    steps("a", TIMEOUT, StepStatus.TIMEOUT, 1, 50);

    FlagEvaluation early = evaluate(Flag.COMPLETE_TIMEOUT);
    assertThat(early.verdict()).isEqualTo(RolloutVerdict.TOO_EARLY);
    assertThat(
            early.measures().stream()
                .filter(m -> FlagEvaluation.isSignificant(m, early.measures())))
        .isEmpty();
    assertThat(early.line())
        .isEqualTo(
            "CP2_COMPLETE_TIMEOUT_ENABLED: too early to tell: of the steps that arrived since the"
                + " change, 0 of 1000 with it and 50 of 1000 without have not ended yet");

    steps("a", CP1, StepStatus.TIMEOUT, 4, 50);
    assertThat(evaluate(Flag.COMPLETE_TIMEOUT).line())
        .contains("success 95.0 % with it, 95.0 % without (n=1000, 1000): no real difference");
  }

  @Test
  void callsADifferenceRealThatStandsHoweverTheOthersEnd() {
    arrived(RETRY, 1_000);
    arrived(CP1, 1_000);
    steps("a", RETRY, StepStatus.SUCCESS, 1, 970);
    steps("a", CP1, StepStatus.SUCCESS, 1, 850);
    steps("a", CP1, StepStatus.ERROR, 1, 120);

    FlagEvaluation evaluation = evaluate(Flag.ADVANCED_RETRY);

    assertThat(evaluation.verdict()).isEqualTo(RolloutVerdict.REAL);
    assertThat(evaluation.line()).contains("success 100.0 % with it, 87.6 % without", ": real (");
  }

  @Test
  void saysNothingDiffersOnlyWhenNearlyAllHaveEnded() {
    arrived(RETRY, 1_011);
    arrived(CP1, 1_000);
    steps("a", RETRY, StepStatus.SUCCESS, 1, 1_000);
    steps("a", CP1, StepStatus.SUCCESS, 1, 1_000);

    assertThat(evaluate(Flag.ADVANCED_RETRY).verdict()).isEqualTo(RolloutVerdict.TOO_EARLY);
    steps("a", RETRY, StepStatus.SUCCESS, 1, 1);
    assertThat(evaluate(Flag.ADVANCED_RETRY).verdict()).isEqualTo(RolloutVerdict.NO_DIFFERENCE);
  }

  @Test
  void seesNoDifferenceWhereThereIsNone() {
    for (FlagSnapshot side : List.of(CP1, RETRY)) {
      steps(side, 900, 100);
    }

    FlagEvaluation evaluation = evaluate(Flag.ADVANCED_RETRY);

    assertThat(evaluation.verdict()).isEqualTo(RolloutVerdict.NO_DIFFERENCE);
    assertThat(evaluation.line())
        .contains("success 90.0 % with it, 90.0 % without")
        .endsWith("no real difference so far (two-proportion z-test, p = 1.000)");
  }

  @Test
  void tellsFewerAttemptsAndShorterTailsFromTheSameSuccess() {
    steps("a", RETRY, StepStatus.SUCCESS, 1, 900);
    steps("a", RETRY, StepStatus.ERROR, 1, 100);
    steps("a", CP1, StepStatus.SUCCESS, 1, 900);
    slowSteps("a", CP1, StepStatus.ERROR, 4, 100);

    FlagEvaluation evaluation = evaluate(Flag.ADVANCED_RETRY);

    assertThat(
            evaluation.measures().stream()
                .filter(m -> FlagEvaluation.isSignificant(m, evaluation.measures())))
        .extracting(Measure::name)
        .contains("attempts_per_step", "slow_share")
        .doesNotContain("success_rate", "timeout_rate");
    assertThat(evaluation.line())
        .contains("success 90.0 % with it, 90.0 % without (n=1000, 1000): no real difference")
        .contains("attempts per step 1.00 with it, 1.30 without: real (Mann-Whitney test")
        .contains("% with it, 10.0 % without: real (two-proportion z-test, p < 0.001)");
  }

  @Test
  void comparesOnlyWithinOneStepType() {
    steps("a", RETRY, StepStatus.SUCCESS, 1, 900);
    steps("a", RETRY, StepStatus.ERROR, 1, 100);
    steps("a", CP1, StepStatus.SUCCESS, 1, 90);
    steps("a", CP1, StepStatus.ERROR, 1, 10);
    steps("b", RETRY, StepStatus.SUCCESS, 1, 50);
    steps("b", RETRY, StepStatus.ERROR, 1, 50);
    steps("b", CP1, StepStatus.SUCCESS, 1, 500);
    steps("b", CP1, StepStatus.ERROR, 1, 500);

    FlagEvaluation evaluation = evaluate(Flag.ADVANCED_RETRY);

    assertThat(evaluation.verdict()).isEqualTo(RolloutVerdict.NO_DIFFERENCE);
    assertThat(evaluation.line()).contains("Mantel-Haenszel test, p = 1.000");
  }

  @Test
  void tellsFlagsApartWhoseStepsOverlap() {
    steps(BOTH, 200, 0);
    steps(TIMEOUT, 150, 50);
    steps(CP1, 600, 200);

    FlagEvaluation retry = evaluate(Flag.ADVANCED_RETRY);
    FlagEvaluation timeout = evaluate(Flag.COMPLETE_TIMEOUT);

    assertThat(retry.verdict()).isEqualTo(RolloutVerdict.REAL);
    assertThat(retry.line()).contains("success 100.0 % with it, 75.0 % without (n=200, 200)");
    assertThat(retry.togetherWith()).isEmpty();
    assertThat(timeout.verdict()).isEqualTo(RolloutVerdict.NO_DIFFERENCE);
    assertThat(timeout.line()).contains("(n=200, 800)");
  }

  @Test
  void speaksOfFlagsTogetherThatCannotBeToldApart() {
    steps(BOTH, 200, 0);
    steps(CP1, 150, 50);
    steps("a", TIMEOUT, StepStatus.ERROR, 1, 3);

    FlagEvaluation retry = evaluate(Flag.ADVANCED_RETRY);
    FlagEvaluation timeout = evaluate(Flag.COMPLETE_TIMEOUT);

    assertThat(retry.togetherWith()).containsExactly(Flag.COMPLETE_TIMEOUT);
    assertThat(retry.verdict()).isEqualTo(RolloutVerdict.REAL).isEqualTo(timeout.verdict());
    assertThat(timeout.line())
        .startsWith(
            "CP2_COMPLETE_TIMEOUT_ENABLED together with CP2_ADVANCED_RETRY_ENABLED, on for the"
                + " same steps and not to be told apart: success 100.0 % with it, 75.0 % without");
  }

  @Test
  void callsNothingRealWhenTheSidesAreDifferentTenants() {
    steps(RETRY, 1_000, 0);
    steps(CP1, 500, 500);

    FlagEvaluation evaluation =
        new FlagEvaluator(recorder.sinceChange(), ON::contains, Flag.ADVANCED_RETRY::equals)
            .evaluate(Flag.ADVANCED_RETRY);

    assertThat(evaluation.verdict()).isEqualTo(RolloutVerdict.NOT_COMPARABLE);
    assertThat(evaluation.line())
        .isEqualTo(
            "CP2_ADVANCED_RETRY_ENABLED: success 100.0 % with it, 50.0 % without"
                + " (n=1000, 1000); the sides are different tenants, so that nobody can tell what"
                + " the flag changes");
    assertThat(evaluation.measures())
        .isNotEmpty()
        .noneMatch(measure -> FlagEvaluation.isSignificant(measure, evaluation.measures()));
  }

  @Test
  void saysThatItIsTheTenantsAlsoOfAFlagThatGoesTogetherWithTheirs() {
    steps("a", BOTH, StepStatus.SUCCESS, 1, 200);
    steps("a", CP1, StepStatus.ERROR, 1, 200);

    assertThat(
            new FlagEvaluator(recorder.sinceChange(), ON::contains, Flag.COMPLETE_TIMEOUT::equals)
                .evaluate(Flag.ADVANCED_RETRY)
                .verdict())
        .isEqualTo(RolloutVerdict.NOT_COMPARABLE);
  }

  @Test
  void saysSoWhenThereIsNothingToCompare() {
    steps("a", BOTH, StepStatus.SUCCESS, 1, 200);

    assertThat(evaluate(Flag.ADVANCED_RETRY).verdict())
        .isEqualTo(RolloutVerdict.NOTHING_TO_COMPARE);
    FlagEvaluation off =
        new FlagEvaluator(recorder.sinceChange(), flag -> false, FlagEvaluatorTest::byAssignment)
            .evaluate(Flag.ADVANCED_RETRY);
    assertThat(off.verdict()).isEqualTo(RolloutVerdict.OFF);
    assertThat(off.line()).endsWith("off, so there is nothing to compare");
    assertThat(
            new FlagEvaluator(recorder.lastHour(), ON::contains, FlagEvaluatorTest::byAssignment)
                .evaluate(Flag.COMPLETE_TIMEOUT)
                .line())
        .endsWith("on one side, so there is nothing to compare");
  }

  @Test
  void speaksOfTheWholeWorkerForTheQueue() {
    recorder.ended("a", CP1, true, StepStatus.SUCCESS, 1, time.nanos());
    recorder.rejected("a", CP1);
    recorder.queued(ResourcePool.IO, 5);
    Map<ResourcePool, Integer> limits = Map.of(ResourcePool.IO, 10, ResourcePool.CPU, 20);

    assertThat(QueueText.of(recorder.sinceChange(), true, limits))
        .isEqualTo(
            "CP2_QUEUE_MANAGEMENT_ENABLED: on for this whole worker, 1 rejections beside 1 steps,"
                + " longest queue io 5 of 10, cpu 0 of 20; compare it with a worker where it is off");
    assertThat(QueueText.of(recorder.sinceChange(), false, limits))
        .contains("nothing is rejected", "longest queue io 5, cpu 0;");
  }

  @Test
  void raisesNoMoreFalseAlarmsThanItsLevelAllows() {
    Random chance = new Random(5);
    long alarms =
        IntStream.range(0, 1_000)
            .filter(trial -> isSignificant(randomSteps(chance, trial)))
            .count();

    assertThat(alarms).isLessThanOrEqualTo(15);
  }

  private static boolean byAssignment(Flag flag) {
    return false;
  }

  private FlagEvaluation evaluate(Flag flag) {
    return new FlagEvaluator(recorder.sinceChange(), ON::contains, FlagEvaluatorTest::byAssignment)
        .evaluate(flag);
  }

  private static boolean isSignificant(RolloutRecorder alike) {
    return new FlagEvaluator(alike.sinceChange(), ON::contains, FlagEvaluatorTest::byAssignment)
            .evaluate(Flag.ADVANCED_RETRY)
            .verdict()
        == RolloutVerdict.REAL;
  }

  /** Steps of two types on sides that do not matter, now many and now few on one of them. */
  private static RolloutRecorder randomSteps(Random chance, int trial) {
    FakeTime clock = new FakeTime();
    RolloutRecorder alike = new RolloutRecorder(List.of("a", "b"), clock);
    for (int i = 0; i < 600; i++) {
      boolean fails = chance.nextInt(10) == 0;
      long arrived = clock.nanos();
      clock.advance(Duration.ofMillis(1 + (long) Math.exp(6 * chance.nextDouble())));
      alike.ended(
          chance.nextInt(3) == 0 ? "a" : "b",
          chance.nextInt(2 + trial % 3) == 0 ? RETRY : CP1,
          false,
          fails ? StepStatus.ERROR : StepStatus.SUCCESS,
          fails ? 4 : 1 + chance.nextInt(10) / 9,
          arrived);
    }
    return alike;
  }

  private void arrived(FlagSnapshot flags, int count) {
    IntStream.range(0, count).forEach(step -> recorder.arrived(flags));
  }

  /** Steps of type "a": successes at the first attempt, and failures after four attempts. */
  private void steps(FlagSnapshot flags, int successes, int failures) {
    steps("a", flags, StepStatus.SUCCESS, 1, successes);
    steps("a", flags, StepStatus.ERROR, 4, failures);
  }

  private void steps(String type, FlagSnapshot flags, StepStatus status, int attempts, int count) {
    for (int i = 0; i < count; i++) {
      recorder.ended(type, flags, false, status, attempts, time.nanos());
      recorder.left(flags, time.nanos());
    }
  }

  private void slowSteps(
      String type, FlagSnapshot flags, StepStatus status, int attempts, int count) {
    for (int i = 0; i < count; i++) {
      long arrived = time.nanos();
      time.advance(Duration.ofMillis(600));
      recorder.ended(type, flags, false, status, attempts, arrived);
      recorder.left(flags, arrived);
    }
  }
}
