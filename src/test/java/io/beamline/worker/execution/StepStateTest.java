package io.beamline.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.contract.AttemptReport;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.execution.StepState.Arrived;
import io.beamline.worker.execution.StepState.Ended;
import io.beamline.worker.execution.StepState.Queued;
import io.beamline.worker.execution.StepState.Running;
import io.beamline.worker.execution.StepState.Waiting;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.retry.RetryDecision;
import io.beamline.worker.timeout.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may happen to a step in each state, and what it knows of its attempts afterwards. */
class StepStateTest {

  private static final long MS = 1_000_000;
  private static final Duration WAIT = Duration.ofMillis(100);
  private static final StepError FAILURE =
      StepError.of(ErrorCode.HTTP_ERROR, "The server refused", Map.of("status_code", 503));
  private static final StepConclusion SUCCESS = StepConclusion.succeeded(Outputs.of(Map.of()));

  private final Step step =
      TestSteps.under(FlagSnapshot.of(true, true), Deadline.after(0, Duration.ofSeconds(1)));

  /** Each state, what happens in it, and the state that follows; a dash where it is refused. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # state, queue,  start,   pause,   end
          Arrived, Queued, -,       Waiting, Ended
          Queued,  Queued, Running, -,       Ended
          Running, -,      -,       Waiting, Ended
          Waiting, Queued, -,       -,       Ended
          Ended,   -,      -,       -,       -
          """)
  void allowsWhatItSaysAndNothingElse(
      String state, String queue, String start, String pause, String end) {
    StepState from = state(state);

    assertThat(name(from.queue(Place.NONE))).isEqualTo(queue);
    assertThat(name(from.start(0))).isEqualTo(start);
    assertThat(name(from.pause(FAILURE, Place.NONE, WAIT, 0))).isEqualTo(pause);
    assertThat(name(from.end(SUCCESS, 0))).isEqualTo(end);
  }

  @Test
  void onlyAFailedAttemptIsFollowedByAWait() {
    assertThat(state("Running").pause(null, Place.NONE, WAIT, 0)).isNull();
    assertThat(state("Arrived").pause(null, Place.NONE, WAIT, 0)).isNotNull();
    assertThat(state("Queued").pause(null, Place.NONE, WAIT, 0)).isNotNull();
    assertThat(state("Waiting").pause(null, Place.NONE, WAIT, 0)).isNotNull();
    assertThat(state("Ended").pause(null, Place.NONE, WAIT, 0)).isNull();
  }

  @Test
  void addsUpTheWaitsBetweenTwoAttempts() {
    start(10 * MS);
    assertThat(step.pause(FAILURE, Place.NONE, WAIT, 15 * MS)).isTrue();
    assertThat(step.queue(Place.NONE)).isTrue();
    assertThat(step.pause(null, Place.NONE, Duration.ofDays(1), 116 * MS)).isTrue();
    assertThat(step.pause(null, Place.NONE, Duration.ZERO, 156 * MS)).isTrue();
    assertThat(step.queue(Place.NONE)).isTrue();
    assertThat(reports()).extracting(AttemptReport::backoffMs).containsExactly(140L);
  }

  @Test
  void refusesAChangeByWhoCameTooLate() {
    StepState seen = step.state();
    assertThat(step.queue(Place.NONE)).isTrue();

    assertThat(step.transition(seen, new Ended(seen.history()))).isFalse();
    assertThat(step.endWithoutResult()).isInstanceOf(Queued.class);
    assertThat(step.endWithoutResult()).isNull();
    assertThat(step.start(0)).isNull();
    assertThat(step.queue(Place.NONE)).isFalse();
  }

  @Test
  void knowsHowLongAnAttemptHasTakenSoFar() {
    assertThat(step.attemptTime(7 * MS)).isZero();
    assertThat(step.runTime(7 * MS)).isZero();
    Running attempt = start(10 * MS);

    assertThat(step.attempts()).isEqualTo(1);
    assertThat(step.attemptTime(15 * MS)).isEqualTo(Duration.ofMillis(5));
    assertThat(step.runTime(15 * MS)).isEqualTo(Duration.ofMillis(5));

    assertThat(step.transition(attempt, attempt.end(SUCCESS, 17 * MS))).isTrue();
    assertThat(step.attempts()).isEqualTo(1);
    assertThat(step.attemptTime(99 * MS)).isEqualTo(Duration.ofMillis(7));
    assertThat(step.runTime(99 * MS)).isEqualTo(Duration.ofMillis(89));
  }

  /** Only an attempt that another thread has ended can be stuck, and only after a second. */
  @Test
  void isStuckWhileAnAttemptGoesOnAfterItsEnd() throws InterruptedException {
    Running attempt = start(10 * MS);
    Thread other =
        Thread.ofPlatform().start(() -> step.transition(attempt, attempt.end(SUCCESS, 20 * MS)));
    other.join();

    assertThat(step.stuckView(900 * MS)).isNull();
    assertThat(step.view(2_000 * MS)).isNull();
    StepView stuck = Objects.requireNonNull(step.stuckView(2_020 * MS));
    assertThat(stuck.stage()).isEqualTo(StepView.StepStage.STUCK);
    assertThat(stuck.stuckMs()).isEqualTo(2_000);
    attempt.leave();
    assertThat(step.stuckView(2_020 * MS)).isNull();
  }

  @Test
  void isNotStuckAfterAnEndOfItsOwn() {
    Running attempt = start(10 * MS);
    assertThat(step.transition(attempt, attempt.end(SUCCESS, 20 * MS))).isTrue();
    assertThat(step.stuckView(9_000 * MS)).isNull();
  }

  @Test
  void reportsEachAttemptWithTheWaitThatFollowedIt() {
    start(10 * MS);
    assertThat(step.pause(FAILURE, Place.NONE, WAIT, 15 * MS)).isTrue();
    assertThat(reports()).extracting(AttemptReport::backoffMs).containsExactly(0L);

    Running second = start(116 * MS);
    assertThat(reports()).extracting(AttemptReport::backoffMs).containsExactly(100L);
    assertThat(step.transition(second, second.end(SUCCESS, 120 * MS))).isTrue();

    assertThat(reports())
        .containsExactly(
            new AttemptReport(1, StepStatus.ERROR, ErrorCode.HTTP_ERROR, 503, 5, 100),
            new AttemptReport(2, StepStatus.SUCCESS, null, null, 4, 0));
  }

  @Test
  void aWaitThatWasCutIsAsLongAsItWas() {
    start(10 * MS);
    assertThat(step.pause(FAILURE, Place.NONE, WAIT, 15 * MS)).isTrue();

    end(StepConclusion.deadlineInWait(step, step.state(), 45 * MS), 45 * MS);

    assertThat(reports()).extracting(AttemptReport::backoffMs).containsExactly(30L);
  }

  @Test
  void aWaitIsNeverLongerThanItWasMeantToBe() {
    start(10 * MS);
    assertThat(step.pause(FAILURE, Place.NONE, WAIT, 15 * MS)).isTrue();

    end(StepConclusion.deadlineInWait(step, step.state(), 900 * MS), 900 * MS);

    assertThat(reports()).extracting(AttemptReport::backoffMs).containsExactly(100L);
  }

  @Test
  void noWaitFollowsAnAttemptThatHasWaitingRoomFull() {
    start(10 * MS);

    end(StepConclusion.of(new RetryDecision.WaitingRoomFull(FAILURE)), 15 * MS);

    assertThat(reports())
        .containsExactly(new AttemptReport(1, StepStatus.ERROR, ErrorCode.HTTP_ERROR, 503, 5, 0));
    assertThat(step.lastError()).isEqualTo(FAILURE);
  }

  @Test
  void reportsAnAttemptThatDiedOrWasCutOnceAndKeepsTheLastRealError() {
    for (StepConclusion conclusion :
        List.of(StepConclusion.died(), StepConclusion.cutAtDeadline(step, step.state(), 25 * MS))) {
      Step dying =
          TestSteps.under(FlagSnapshot.of(true, true), Deadline.after(0, Duration.ofSeconds(1)));
      TestSteps.fail(dying, FAILURE, 0, MS);
      assertThat(dying.queue(Place.NONE)).isTrue();
      StepState running = Objects.requireNonNull(dying.start(10 * MS));

      StepState ended = Objects.requireNonNull(running.end(conclusion, 25 * MS));

      assertThat(ended.attempts()).isEqualTo(2);
      assertThat(ended.history().lastError()).isEqualTo(FAILURE);
      assertThat(ended.history().reports())
          .hasSize(2)
          .last()
          .isEqualTo(
              new AttemptReport(
                  2,
                  conclusion.outcome().status(),
                  Objects.requireNonNull(conclusion.error()).code(),
                  null,
                  15,
                  0));
    }
  }

  @Test
  void aStepThatIsDroppedBeforeItRanHasNoAttempts() {
    end(StepConclusion.dropped(), 5 * MS);
    assertThat(reports()).isEmpty();
    assertThat(step.attempts()).isZero();
  }

  @Test
  void withoutAdvancedRetryNothingIsReported() {
    Step plain = TestSteps.under(FlagSnapshot.of(false, false));
    TestSteps.fail(plain, FAILURE, 0, MS);
    assertThat(plain.state().history().reports()).isNull();
    assertThat(plain.attempts()).isEqualTo(1);
    assertThat(plain.lastError()).isEqualTo(FAILURE);
  }

  @Test
  void theThreadOfAnAttemptIsInterruptedOnItsBehalfOnly() throws Exception {
    AtomicReference<@Nullable Running> attempt = new AtomicReference<>();
    CountDownLatch left = new CountDownLatch(1);
    Thread slot =
        Thread.ofPlatform()
            .start(
                () -> {
                  attempt.set(start(0));
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    Objects.requireNonNull(attempt.get()).leave();
                    left.countDown();
                  }
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    // the test ends
                  }
                });
    await().atMost(Duration.ofSeconds(20)).until(() -> attempt.get() != null);
    Running running = Objects.requireNonNull(attempt.get());

    running.release(step);
    left.await();
    running.release(step);

    assertThat(slot.isInterrupted()).isFalse();
    assertThat(slot.isAlive()).isTrue();
    slot.interrupt();
    slot.join(Duration.ofSeconds(20));
    assertThat(slot.isAlive()).isFalse();
  }

  private Running start(long nowNanos) {
    assertThat(step.queue(Place.NONE)).isTrue();
    return Objects.requireNonNull(step.start(nowNanos));
  }

  private void end(StepConclusion conclusion, long nowNanos) {
    StepState from = step.state();
    assertThat(step.transition(from, Objects.requireNonNull(from.end(conclusion, nowNanos))))
        .isTrue();
  }

  private List<AttemptReport> reports() {
    return Objects.requireNonNull(step.state().history().reports());
  }

  private static StepState state(String name) {
    AttemptHistory none = AttemptHistory.none(true);
    Map<String, Function<AttemptHistory, StepState>> states =
        Map.of(
            "Arrived", Arrived::new,
            "Queued", history -> new Queued(history, Place.NONE),
            "Running", history -> new Running(history, 0),
            "Waiting", history -> new Waiting(history, Place.NONE, WAIT, 0),
            "Ended", Ended::new);
    return Objects.requireNonNull(states.get(name)).apply(none);
  }

  private static String name(@Nullable StepState state) {
    return state == null ? "-" : state.getClass().getSimpleName();
  }
}
