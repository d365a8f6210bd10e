package io.beamline.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.execution.StepState.Running;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.observability.tracing.AttemptTrace;
import io.beamline.worker.retry.RetryDecision;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FreePort;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.ScriptedBlock.Script;
import io.beamline.worker.support.WorkerSlice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.support.AopUtils;

/** CP1's retries through spring-retry's proxy, as the worker wires it. */
class StepRunnerTest {

  private static volatile Script script = call -> ScriptedBlock.DONE;
  private static WorkerSlice slice;
  private static StepRunner runner;

  @BeforeAll
  static void start() {
    slice =
        WorkerSlice.upTo(
            "execution",
            "nats://127.0.0.1:" + FreePort.find(),
            ScriptedBlock.of(call -> script.run(call)));
    runner = slice.bean(StepRunner.class);
  }

  @AfterAll
  static void end() {
    slice.close();
  }

  @AfterEach
  void reset() {
    script = call -> ScriptedBlock.DONE;
  }

  @Test
  void isWrapped() {
    assertThat(AopUtils.isAopProxy(runner)).isTrue();
  }

  /** The image's JVM makes calls by reflection slower, so that a start is faster. */
  @Test
  void callsTheBlockWithoutReflection() throws Exception {
    List<String> callers = new ArrayList<>();
    script =
        call -> {
          callers.addAll(callersInTheWorker());
          return ScriptedBlock.DONE;
        };
    Step step = slice.step(ScriptedBlock.assignment());
    start(step);
    runner.execute(step, AttemptTrace.OFF);
    assertThat(callers)
        .contains(StepRetryInterceptor.class.getName())
        .noneMatch(name -> name.contains(".reflect."));
  }

  /** The classes between the block and this test. */
  private static List<String> callersInTheWorker() {
    String here = StepRunnerTest.class.getName();
    return StackWalker.getInstance(StackWalker.Option.SHOW_HIDDEN_FRAMES)
        .walk(
            frames ->
                frames
                    .map(StackWalker.StackFrame::getClassName)
                    .dropWhile(name -> !name.equals(ScriptedBlock.class.getName()))
                    .takeWhile(name -> !name.equals(here))
                    .toList());
  }

  @Test
  void runsFourAttemptsWithGrowingWaitsUnlessToldOtherwise() {
    script = call -> failing(ErrorCode.NETWORK_ERROR);
    Step step = slice.step(ScriptedBlock.assignment());
    assertThat(waitsUntilExhausted(step)).containsExactly(100L, 200L, 300L);
    assertThat(step.attempts()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 20})
  void runsAsManyAttemptsAsTheAssignmentWants(int attempts) {
    script = call -> failing(ErrorCode.NETWORK_ERROR);
    Step step = slice.step(ScriptedBlock.assignment().maxAttempts(attempts));
    assertThat(waitsUntilExhausted(step))
        .containsExactlyElementsOf(IntStream.range(1, attempts).mapToObj(n -> 100L * n).toList());
    assertThat(step.attempts()).isEqualTo(attempts);
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void retriesEveryFailureWhetherWorthItOrNot(ErrorCode code) {
    script = call -> failing(code);
    Step step = slice.step(ScriptedBlock.assignment());
    assertThat(waitsUntilExhausted(step)).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true", "true, true"})
  void doesNotRetryAFailureThatAllowsNoRetryWhateverTheFlags(
      boolean advancedRetry, boolean completeTimeout) {
    script =
        call -> {
          throw StepFailure.withoutRetry(
              StepError.of(ErrorCode.RESOURCE_UNAVAILABLE, "All file threads are stuck"));
        };
    Step step =
        slice.step(ScriptedBlock.assignment(), FlagSnapshot.of(advancedRetry, completeTimeout));
    fail(step);
    assertThat(wait(step)).isNull();
    assertThat(step.attempts()).isEqualTo(1);
  }

  @Test
  void takesAnUnexpectedExceptionForAnInternalErrorAndRetriesIt() {
    script =
        call -> {
          throw new IllegalStateException("a defect at host 10.0.0.5");
        };
    Step step = slice.step(ScriptedBlock.assignment());
    start(step);
    Throwable thrown = catchThrowable(() -> runner.execute(step, AttemptTrace.OFF));
    assertThat(thrown)
        .isInstanceOfSatisfying(
            StepFailure.class,
            failure -> {
              assertThat(failure.error().code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
              assertThat(failure.error().message()).doesNotContain("10.0.0.5");
            });
    assertThat(wait(step)).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void doesNotRetryAnError() {
    script =
        call -> {
          throw new StackOverflowError("as it was told");
        };
    Step step = slice.step(ScriptedBlock.assignment());
    start(step);
    assertThatThrownBy(() -> runner.execute(step, AttemptTrace.OFF))
        .isInstanceOf(StackOverflowError.class);
    assertThat(wait(step)).isNull();
    assertThat(step.attempts()).isEqualTo(1);
  }

  @Test
  void doesNotRetryAnInterruption() {
    script =
        call -> {
          throw new InterruptedException();
        };
    Step step = slice.step(ScriptedBlock.assignment());
    start(step);
    assertThatThrownBy(() -> runner.execute(step, AttemptTrace.OFF))
        .isInstanceOf(InterruptedException.class);
    assertThat(wait(step)).isNull();
  }

  @Test
  void givesTheOutputsOfALateSuccess() throws Exception {
    Step step = slice.step(ScriptedBlock.assignment());
    script = call -> failing(ErrorCode.HTTP_ERROR);
    fail(step);
    fail(step);
    assertThat(wait(step)).isEqualTo(Duration.ofMillis(200));
    script = call -> ScriptedBlock.DONE;

    start(step);
    assertThat(runner.execute(step, AttemptTrace.OFF)).isSameAs(ScriptedBlock.DONE);

    assertThat(step.attempts()).isEqualTo(3);
    assertThat(step.retryContext()).isNull();
  }

  @Test
  void countsEachStepByItselfOnOneThread() {
    script = call -> failing(ErrorCode.HTTP_ERROR);
    Step one = slice.step(ScriptedBlock.assignment());
    fail(one);
    fail(one);
    assertThat(wait(one)).isEqualTo(Duration.ofMillis(200));

    Step other = slice.step(ScriptedBlock.assignment());
    fail(other);
    assertThat(wait(other)).isEqualTo(Duration.ofMillis(100));
    fail(one);
    assertThat(wait(one)).isEqualTo(Duration.ofMillis(300));
  }

  @Test
  void twoStepsOfTheSameAssignmentShareNothing() {
    script = call -> failing(ErrorCode.HTTP_ERROR);
    Assignments assignment = ScriptedBlock.assignment();
    Step one = slice.step(assignment);
    one.answer().handBack();
    Step again = slice.step(assignment);
    assertThat(waitsUntilExhausted(one)).hasSize(3);
    assertThat(waitsUntilExhausted(again)).containsExactly(100L, 200L, 300L);
  }

  @Test
  void doesNotMixStepsThatRunAtOnce() throws Exception {
    script = call -> failing(ErrorCode.HTTP_ERROR);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Boolean>> all =
          IntStream.range(0, 800)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            int attempts = 1 + i % 20;
                            Step step =
                                slice.step(ScriptedBlock.assignment().maxAttempts(attempts));
                            return waitsUntilExhausted(step).size() == attempts - 1
                                && step.attempts() == attempts;
                          }))
              .toList();
      for (Future<Boolean> right : all) {
        assertThat(right.get(30, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void givesTheBlockWhatTheAssignmentSays() throws Exception {
    List<BlockCall> calls = new ArrayList<>();
    script =
        call -> {
          calls.add(call);
          return ScriptedBlock.DONE;
        };
    Assignments assignment = ScriptedBlock.assignment().input("x", 1).deadlineMs(1234);
    runner.execute(slice.step(assignment), AttemptTrace.OFF);
    runner.execute(slice.step(ScriptedBlock.assignment()), AttemptTrace.OFF);

    BlockCall call = calls.getFirst();
    assertThat(call.assignmentId()).isEqualTo(assignment.id());
    assertThat(call.payload().text()).isEqualTo("{\"x\":1}");
    assertThat(call.timeouts().httpAttempt()).isEqualTo(Duration.ofMillis(1234));
    assertThat(call.deadline().bounded()).isFalse();
    assertThat(call.idempotencyKey()).isFalse();
    assertThat(calls.getLast().timeouts().httpAttempt()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void takesTheLimitsOfTheConfigurationWhereTheAssignmentHasNone() {
    try (WorkerSlice configured =
        WorkerSlice.upTo(
            "execution",
            "nats://127.0.0.1:" + FreePort.find(),
            ScriptedBlock.of(call -> ScriptedBlock.DONE),
            "worker.retry.max-attempts=7",
            "worker.timeouts.total=3s")) {
      Step plain = configured.step(ScriptedBlock.assignment());
      assertThat(plain.limits().maxAttempts()).isEqualTo(7);
      assertThat(plain.limits().timeouts().httpAttempt()).isEqualTo(Duration.ofSeconds(3));
      Step own = configured.step(ScriptedBlock.assignment().maxAttempts(2).deadlineMs(50));
      assertThat(own.limits().maxAttempts()).isEqualTo(2);
      assertThat(own.limits().timeouts().httpAttempt()).isEqualTo(Duration.ofMillis(50));
    }
  }

  /** Runs the step until no attempt is to follow; the planned waits in ms. */
  private static List<Long> waitsUntilExhausted(Step step) {
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      fail(step);
      Duration wait = wait(step);
      if (wait == null) {
        return waits;
      }
      waits.add(wait.toMillis());
    }
    throw new AssertionError("it never ends");
  }

  private static Running start(Step step) {
    assertThat(step.queue(Place.NONE)).isTrue();
    return Objects.requireNonNull(step.start(System.nanoTime()));
  }

  /** The wait before the next attempt, null when none is to follow. */
  private static @Nullable Duration wait(Step step) {
    StepRetryContext retries = (StepRetryContext) Objects.requireNonNull(step.retryContext());
    return retries.decision() instanceof RetryDecision.Retry retry ? retry.delay() : null;
  }

  /** An attempt that fails, and the wait after it. */
  private static void fail(Step step) {
    Running attempt = start(step);
    assertThatThrownBy(() -> runner.execute(step, AttemptTrace.OFF))
        .isInstanceOf(StepFailure.class);
    assertThat(
            step.pause(
                StepContexts.decisionOf(step).error(), attempt, Duration.ZERO, System.nanoTime()))
        .isTrue();
  }

  private static Outputs failing(ErrorCode code) throws StepFailure {
    throw StepFailure.of(code, "It failed");
  }
}
