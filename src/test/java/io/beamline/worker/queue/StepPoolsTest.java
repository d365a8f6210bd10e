package io.beamline.worker.queue;

import static io.beamline.worker.config.QueueProperties.RejectionPolicy.DROP_OLDEST;
import static io.beamline.worker.config.QueueProperties.RejectionPolicy.REJECT_NEW;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.contract.Overload;
import io.beamline.worker.execution.QueueOverload;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.TestSteps;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The pools with real threads and without a worker around them (W3-4.1). */
class StepPoolsTest {

  private static final int THREADS = 8;

  @RepeatedTest(100)
  void takesTwelveOfFiftySlowStepsThatComeAtOnce() throws Exception {
    try (PoolsFixture fixture = new PoolsFixture(REJECT_NEW, 10, true)) {
      List<Step> steps = atOnce(fixture, 50);

      assertThat(fixture.refused).hasSize(38);
      assertThat(fixture.details).containsOnly("pool cpu has 10 of 10 steps waiting");
      assertThat(fixture.pool.inside()).isEqualTo(12);
      assertThat(fixture.pool.depth()).isEqualTo(10);
      fixture.awaitIdle();
      assertThat(fixture.ran).hasSize(12).doesNotContainAnyElementsOf(fixture.refused);
      assertOnceEach(everyone(fixture), steps);
    }
  }

  @RepeatedTest(20)
  void neverLetsMoreWaitThanTheLimitWhileStepsEnd() throws Exception {
    try (PoolsFixture fixture = new PoolsFixture(REJECT_NEW, 3, true)) {
      fixture.open();
      List<Step> steps = atOnce(fixture, 2_000);

      fixture.awaitIdle();
      assertThat(steps)
          .extracting(step -> queueOverload(step).atSubmission().queueDepth())
          .allMatch(depth -> depth >= 0 && depth <= 3);
      assertOnceEach(everyone(fixture), steps);
    }
  }

  @Test
  void tellsEachStepHowFullTheQueueWasAndIs() {
    try (PoolsFixture fixture = new PoolsFixture(REJECT_NEW, 10, true)) {
      List<Step> steps = fixture.submit(13);

      assertThat(steps)
          .extracting(step -> queueOverload(step).atSubmission())
          .startsWith(new Overload("healthy", 0), new Overload("healthy", 0))
          .contains(new Overload("healthy", 4), new Overload("degraded", 5))
          .endsWith(new Overload("critical", 10), new Overload("critical", 10));
      assertThat(steps).allMatch(Step::isCp2);
      assertThat(queueOverload(steps.getFirst()).now().get())
          .isEqualTo(new Overload("critical", 10));
      fixture.awaitIdle();
      assertThat(queueOverload(steps.getFirst()).now().get()).isEqualTo(new Overload("healthy", 0));
    }
  }

  @Test
  void findsRoomForWhatWasAcceptedBefore() {
    for (var policy : List.of(REJECT_NEW, DROP_OLDEST)) {
      try (PoolsFixture fixture = new PoolsFixture(policy, 10, true)) {
        fixture.submit(12);
        Step redelivered = TestSteps.delivered(2);
        Step back = TestSteps.fresh();

        assertThat(fixture.pools.submit(redelivered)).isTrue();
        fixture.pools.requeue(back);

        assertThat(queueOverload(redelivered).atSubmission())
            .isEqualTo(new Overload("critical", 11));
        assertThat(back.queueOverload()).isNull();
        assertThat(fixture.pool.depth()).isEqualTo(12);
        fixture.awaitIdle();
        assertThat(fixture.ran).hasSize(14).contains(redelivered, back);
        assertThat(fixture.dropped).isEmpty();
        assertThat(fixture.refused).isEmpty();
      }
    }
  }

  @Test
  void dropsTheStepsThatWaitedLongest() {
    try (PoolsFixture fixture = new PoolsFixture(DROP_OLDEST, 3, true)) {
      List<Step> running = fixture.submit(2);
      fixture.awaitSlotsTaken();
      List<Step> waiting = fixture.submit(3);
      List<Step> newcomers = fixture.submit(2);

      assertThat(fixture.dropped).containsExactlyElementsOf(waiting.subList(0, 2));
      assertThat(queueOverload(newcomers.getFirst()).atSubmission())
          .isEqualTo(new Overload("critical", 3));
      assertThat(fixture.pool.depth()).isEqualTo(3);
      fixture.awaitIdle();
      assertThat(fixture.ran)
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(running, waiting.subList(2, 3), newcomers).flatMap(List::stream).toList());
      assertThat(fixture.refused).isEmpty();
    }
  }

  @RepeatedTest(20)
  void dropsOrRunsEachStepOnceWhileStepsEnd() throws Exception {
    try (PoolsFixture fixture = new PoolsFixture(DROP_OLDEST, 1, true)) {
      fixture.open();
      List<Step> steps = atOnce(fixture, 2_000);

      fixture.awaitIdle();
      assertThat(fixture.refused).isEmpty();
      assertOnceEach(everyone(fixture), steps);
    }
  }

  @Test
  void freesTheSlotsOfStepsThatDiedOfAnError() {
    try (PoolsFixture fixture = new PoolsFixture(REJECT_NEW, 1, true)) {
      List<Step> deadly = List.of(TestSteps.fresh(), TestSteps.fresh());
      fixture.dying.addAll(deadly);
      deadly.forEach(fixture.pools::submit);
      List<Step> waiting = fixture.submit(1);
      fixture.awaitSlotsTaken();
      assertThat(fixture.submit(1)).containsExactlyElementsOf(fixture.refused);

      fixture.awaitIdle();

      assertThat(fixture.ran).containsExactlyElementsOf(waiting);
      assertThat(fixture.pool.running()).isZero();
      assertThat(fixture.pool.depth()).isZero();
      List<Step> next = fixture.submit(2);
      fixture.awaitIdle();
      assertThat(fixture.ran).containsAll(next);
      assertThat(fixture.refused).hasSize(1);
    }
  }

  @Test
  void boundsNothingWhileItIsOffAndKeepsWhatWaitsWhenItIsTurnedOn() {
    try (PoolsFixture fixture = new PoolsFixture(REJECT_NEW, 3, false)) {
      List<Step> before = fixture.submit(100);
      assertThat(before).allMatch(step -> step.queueOverload() == null && !step.isCp2());
      assertThat(fixture.refused).isEmpty();

      fixture.flags.on = true;
      List<Step> after = fixture.submit(5);

      assertThat(fixture.refused).containsExactlyElementsOf(after);
      assertThat(fixture.details).containsOnly("pool cpu has 98 of 3 steps waiting");
      fixture.awaitIdle();
      assertThat(fixture.ran).containsExactlyInAnyOrderElementsOf(before);
    }
  }

  @Test
  void dropsNothingThatWaitedWhenItWasTurnedOn() {
    try (PoolsFixture fixture = new PoolsFixture(DROP_OLDEST, 3, false)) {
      List<Step> before = fixture.submit(10);
      fixture.flags.on = true;
      fixture.awaitSlotsTaken();

      List<Step> after = fixture.submit(5);

      assertThat(fixture.dropped).isEmpty();
      assertThat(fixture.refused).containsExactlyElementsOf(after);
      fixture.awaitIdle();
      assertThat(fixture.ran).containsExactlyInAnyOrderElementsOf(before);
    }
  }

  @Test
  void dropsOnlyWhatCameUnderTheLimit() {
    try (PoolsFixture fixture = new PoolsFixture(DROP_OLDEST, 3, false)) {
      List<Step> before = fixture.submit(3);
      fixture.awaitSlotsTaken();
      fixture.flags.on = true;
      List<Step> managed = fixture.submit(2);

      List<Step> after = fixture.submit(3);

      assertThat(fixture.refused).isEmpty();
      assertThat(fixture.dropped).containsExactly(managed.get(0), managed.get(1), after.getFirst());
      fixture.awaitIdle();
      assertThat(fixture.ran).containsAll(before).containsAll(after.subList(1, 3));
    }
  }

  @RepeatedTest(5)
  void losesAndRefusesNothingWhenItIsSwitchedUnderLoad() throws Exception {
    try (PoolsFixture fixture = new PoolsFixture(REJECT_NEW, 5_000, false)) {
      fixture.open();
      List<Step> steps = atOnce(fixture, 4_000, switchHundredTimes(fixture));

      fixture.awaitIdle();
      assertThat(fixture.refused).isEmpty();
      assertOnceEach(fixture.ran, steps);
    }
  }

  @RepeatedTest(5)
  void answersEachStepOnceWhenItIsSwitchedOnAFullQueue() throws Exception {
    for (var policy : List.of(REJECT_NEW, DROP_OLDEST)) {
      try (PoolsFixture fixture = new PoolsFixture(policy, 3, false)) {
        fixture.open();
        List<Step> steps = atOnce(fixture, 4_000, switchHundredTimes(fixture));

        fixture.awaitIdle();
        assertOnceEach(everyone(fixture), steps);
      }
    }
  }

  /** Switches at every fortieth of 4 000 steps, by whichever thread submits it. */
  private static IntConsumer switchHundredTimes(PoolsFixture fixture) {
    return number -> {
      if (number % 40 == 0) {
        fixture.flags.on = number % 80 == 0;
      }
    };
  }

  private static List<Step> atOnce(PoolsFixture fixture, int count) throws Exception {
    return atOnce(fixture, count, number -> {});
  }

  /** Submits steps from many threads that begin together. */
  private static List<Step> atOnce(PoolsFixture fixture, int count, IntConsumer before)
      throws Exception {
    List<Step> steps = IntStream.range(0, count).mapToObj(i -> TestSteps.fresh()).toList();
    CyclicBarrier start = new CyclicBarrier(THREADS);
    try (ExecutorService submitters = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int first = thread;
        all.add(
            submitters.submit(
                () -> {
                  start.await();
                  for (int i = first; i < count; i += THREADS) {
                    before.accept(i);
                    fixture.pools.submit(steps.get(i));
                  }
                  return null;
                }));
      }
      for (Future<?> submitter : all) {
        submitter.get(30, TimeUnit.SECONDS);
      }
    }
    return steps;
  }

  /** Of thousands, quicker than {@code containsExactlyInAnyOrderElementsOf}. */
  private static void assertOnceEach(Collection<Step> found, List<Step> steps) {
    assertThat(found).hasSize(steps.size());
    assertThat(Set.copyOf(found)).isEqualTo(Set.copyOf(steps));
  }

  private static List<Step> everyone(PoolsFixture fixture) {
    return Stream.of(fixture.ran, fixture.refused, fixture.dropped)
        .flatMap(steps -> steps.stream())
        .toList();
  }

  private static QueueOverload queueOverload(Step step) {
    return Objects.requireNonNull(step.queueOverload());
  }
}
