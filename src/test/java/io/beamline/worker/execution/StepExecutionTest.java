package io.beamline.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.observability.tracing.AttemptTrace;
import io.beamline.worker.result.Answers;
import io.beamline.worker.support.Answer;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.ScriptedBlock.Script;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerSlice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps from attempt to attempt, with waits and ends, on a real server. */
class StepExecutionTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private static NatsServer nats;
  private final List<WorkerSlice> slices = new ArrayList<>();
  private RouterStandIn router;
  private final AtomicInteger attempts = new AtomicInteger();

  @BeforeAll
  static void start() {
    nats = NatsServer.start();
  }

  @AfterAll
  static void end() {
    nats.close();
  }

  @BeforeEach
  void connect() {
    router = RouterStandIn.connect(nats.url());
  }

  @AfterEach
  void close() {
    slices.forEach(WorkerSlice::close);
    router.close();
  }

  @Test
  void goesOnUntilItSucceeds() {
    WorkerSlice worker =
        worker(call -> attempts.incrementAndGet() < 3 ? fail() : ScriptedBlock.DONE);
    Step step = accepted(worker);
    Queue queue = new Queue(worker);

    queue.requeue(step);

    Answer answer = router.awaitResult(step.assignment().assignmentId(), SOON);
    assertThat(answer.status()).isEqualTo("success");
    assertThat(answer.resultJson().path("retries_used").intValue()).isEqualTo(2);
    assertThat(attempts).hasValue(3);
    assertThat(worker.bean(WaitingRoom.class).size()).isZero();
    router.assertClean();
  }

  @Test
  void endsWithTheLastRealErrorWhenTheAttemptsAreUsedUp() {
    WorkerSlice worker =
        worker(
            call -> {
              ErrorCode code =
                  attempts.incrementAndGet() == 2 ? ErrorCode.NETWORK_ERROR : ErrorCode.HTTP_ERROR;
              throw StepFailure.of(code, "It failed");
            },
            "worker.retry.max-attempts=2");
    Step step = accepted(worker);
    new Queue(worker).requeue(step);
    Answer answer = router.awaitResult(step.assignment().assignmentId(), SOON);
    assertThat(answer.errorCode()).isEqualTo("NETWORK_ERROR");
    assertThat(answer.resultJson().path("retries_used").intValue()).isEqualTo(1);
    assertThat(router.deadLetters()).isEmpty();
    router.assertClean();
  }

  @Test
  void waitsOutsideOfTheSlot() {
    WorkerSlice worker = worker(call -> fail());
    List<Step> next = new CopyOnWriteArrayList<>();
    Step step = accepted(worker);

    run(worker, step, next::add);

    assertThat(worker.bean(WaitingRoom.class).size() + next.size()).isEqualTo(1);
    await().atMost(SOON).until(() -> next.size() == 1);
    assertThat(worker.bean(WaitingRoom.class).size()).isZero();
  }

  @Test
  void waitsInItsSlotWhenTheWaitingRoomIsFull() {
    WorkerSlice worker = worker(call -> fail(), "worker.retry.max-waiting=1");
    List<Step> next = new CopyOnWriteArrayList<>();
    Step first = slow(worker);
    Step second = accepted(worker);
    run(worker, first, next::add);
    assertThat(worker.bean(WaitingRoom.class).size()).isEqualTo(1);

    run(worker, second, next::add);

    assertThat(next).contains(second);
    await().atMost(SOON).until(() -> next.size() == 2);
    assertThat(next).containsExactlyInAnyOrder(first, second);
    assertThat(worker.bean(WaitingRoom.class).size()).isZero();
  }

  @Test
  void aClosedWaitingRoomGivesOutEachStepOnce() {
    WorkerSlice worker = worker(call -> fail());
    List<Step> next = new CopyOnWriteArrayList<>();
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Step step = accepted(worker);
      steps.add(step);
      run(worker, step, next::add);
    }

    List<Step> rest = worker.bean(WaitingRoom.class).close();

    assertThat(worker.bean(WaitingRoom.class).close()).isEmpty();
    assertThat(worker.bean(WaitingRoom.class).size()).isZero();
    await().atMost(SOON).untilAsserted(() -> assertThat(next.size() + rest.size()).isEqualTo(100));
    rest.forEach(worker.bean(Drain.class)::handBack);
    assertThat(next).doesNotContainAnyElementsOf(rest);
    next.addAll(rest);
    assertThat(next).containsExactlyInAnyOrderElementsOf(steps);
  }

  @Test
  void handsBackAStepThatFailsAfterTheDrainBegan() {
    WorkerSlice worker = worker(call -> fail());
    Step step = accepted(worker);
    worker.bean(Drain.class).begin();
    run(
        worker,
        step,
        again -> {
          throw new AssertionError("it must not go on");
        });
    assertThat(worker.bean(Answers.class).unfinished()).isZero();
    assertThat(worker.bean(WaitingRoom.class).size()).isZero();
  }

  @Test
  void cancelsInsteadInCoreDelivery() {
    WorkerSlice worker = worker(call -> fail(), "worker.nats.delivery=core");
    Step step = accepted(worker);
    worker.bean(Drain.class).begin();
    run(worker, step, again -> {});
    Answer answer = router.awaitResult(step.assignment().assignmentId(), SOON);
    assertThat(answer.status()).isEqualTo("cancelled");
    assertThat(answer.errorCode()).isEqualTo("CANCELLED_BY_USER");
    router.assertClean();
  }

  /** Its assignment went back to the server while it ran. */
  @Test
  void aStepWhoseResultIsNotTakenHasLeft() {
    WorkerSlice worker = worker(call -> ScriptedBlock.DONE);
    Step step = accepted(worker);
    step.answer().handBack();

    run(worker, step, again -> {});

    assertThat(step.hasEnded()).isTrue();
  }

  @Test
  void handsBackAnInterruptedStepAndForgetsTheInterruption() throws Exception {
    WorkerSlice worker =
        worker(
            call -> {
              Thread.currentThread().interrupt();
              throw new InterruptedException();
            });
    try (ExecutorService slot = Executors.newSingleThreadExecutor()) {
      Future<Boolean> interrupted =
          slot.submit(
              () -> {
                run(worker, accepted(worker), again -> {});
                return Thread.currentThread().isInterrupted();
              });
      assertThat(interrupted.get(20, TimeUnit.SECONDS)).isFalse();
    }
    assertThat(worker.bean(Answers.class).unfinished()).isZero();
  }

  @Test
  void handsBackAStepThatIsInterruptedWhileItWaitsInItsSlot() throws Exception {
    WorkerSlice worker = worker(call -> fail(), "worker.retry.max-waiting=1");
    run(worker, slow(worker), again -> {});
    Step step = slow(worker);
    Thread slot = Thread.ofPlatform().start(() -> run(worker, step, again -> {}));
    await().atMost(SOON).until(() -> slot.getState() == Thread.State.TIMED_WAITING);
    int before = worker.bean(Answers.class).unfinished();
    slot.interrupt();
    slot.join(Duration.ofSeconds(10));
    assertThat(slot.isAlive()).isFalse();
    assertThat(worker.bean(Answers.class).unfinished()).isEqualTo(before - 1);
  }

  @Test
  void endsAStepWhoseBlockDiedWithAResultAndADeadLetter() {
    WorkerSlice worker =
        worker(
            call -> {
              attempts.incrementAndGet();
              throw new StackOverflowError("as it was told");
            });
    Step step = accepted(worker);
    new Queue(worker).requeue(step);
    assertInternalErrorAndDeadLetter(step);
    assertThat(attempts).hasValue(1);
  }

  @Test
  void endsAStepWhoseFailureCannotBeWritten() {
    WorkerSlice worker =
        worker(
            call -> {
              throw StepFailure.of(
                  ErrorCode.HTTP_ERROR, "It failed", Map.of("x", new Unwritable()));
            },
            "worker.retry.max-attempts=1");
    Step step = accepted(worker);
    new Queue(worker).requeue(step);
    assertInternalErrorAndDeadLetter(step);
  }

  @Test
  void anErrorOfABlockEndsItsStepAtOnceAndNothingElse() {
    for (Error death : List.of(new OutOfMemoryError("made up"), new StackOverflowError())) {
      AtomicBoolean first = new AtomicBoolean(true);
      WorkerSlice worker =
          worker(
              call -> {
                attempts.incrementAndGet();
                if (first.getAndSet(false)) {
                  throw death;
                }
                return ScriptedBlock.DONE;
              },
              "worker.retry.max-attempts=4");
      int before = attempts.get();
      Step dying = accepted(worker);
      new Queue(worker).requeue(dying);
      String id = dying.assignment().assignmentId();
      assertThat(router.awaitResult(id, SOON).errorCode()).isEqualTo("INTERNAL_ERROR");
      await()
          .atMost(SOON)
          .until(
              () ->
                  router.deadLetters().stream()
                      .anyMatch(
                          letter ->
                              letter.text("assignment_id").equals(id)
                                  && letter.text("reason").equals("failed")));
      assertThat(attempts.get() - before).isEqualTo(1);

      Step next = accepted(worker);
      new Queue(worker).requeue(next);
      assertThat(router.awaitResult(next.assignment().assignmentId(), SOON).status())
          .isEqualTo("success");
    }
    router.assertClean();
  }

  @Test
  void endsAStepWhoseOutputsCannotBeWritten() {
    WorkerSlice worker = worker(call -> Outputs.of(Map.of("x", new Unwritable())));
    Step step = accepted(worker);
    new Queue(worker).requeue(step);
    assertInternalErrorAndDeadLetter(step);
  }

  /** What they hold, such as memory, is needed until then. */
  @Test
  void closesTheOutputsOnceTheyAreWrittenOrCannotBe() {
    AtomicInteger closed = new AtomicInteger();
    Object[] value = {new Object()};
    WorkerSlice worker =
        worker(call -> Outputs.holding(Map.of("x", value[0]), closed::incrementAndGet));
    Step written = accepted(worker);
    new Queue(worker).requeue(written);
    router.awaitResult(written.assignment().assignmentId(), SOON);
    await().atMost(SOON).until(() -> closed.get() == 1);

    value[0] = new Unwritable();
    Step unwritable = accepted(worker);
    new Queue(worker).requeue(unwritable);

    assertInternalErrorAndDeadLetter(unwritable);
    assertThat(closed.get()).isEqualTo(2);
  }

  @Test
  void putsFailedStepsAsideWhenAsked() {
    WorkerSlice worker =
        worker(call -> fail(), "worker.dlq.failed-steps=true", "worker.retry.max-attempts=1");
    Step step = accepted(worker);
    new Queue(worker).requeue(step);
    router.awaitResult(step.assignment().assignmentId(), SOON);
    await().atMost(SOON).until(() -> router.deadLetters().size() == 1);
    assertThat(router.deadLetters().getFirst().text("reason")).isEqualTo("failed");
    router.assertClean();
  }

  private void assertInternalErrorAndDeadLetter(Step step) {
    String id = step.assignment().assignmentId();
    Answer answer = router.awaitResult(id, SOON);
    assertThat(answer.errorCode()).isEqualTo("INTERNAL_ERROR");
    await().atMost(SOON).until(() -> router.deadLetters().size() == 1);
    WireMessage letter = router.deadLetters().getFirst();
    assertThat(letter.text("reason")).isEqualTo("failed");
    assertThat(letter.text("assignment_id")).isEqualTo(id);
    router.assertClean();
  }

  private WorkerSlice worker(Script script, String... properties) {
    WorkerSlice worker =
        WorkerSlice.upTo("execution", nats.url(), ScriptedBlock.of(script), properties);
    slices.add(worker);
    return worker;
  }

  /** Runs an attempt of a step as a pool does. */
  private static void run(WorkerSlice worker, Step step, AttemptQueue next) {
    if (step.queue(Place.NONE)) {
      worker.bean(StepExecution.class).runAttempt(step, next);
    }
  }

  private static Step accepted(WorkerSlice worker) {
    Step step = worker.step(ScriptedBlock.assignment());
    worker.bean(Answers.class).accept(step.answer(), null, false);
    return step;
  }

  /** A step whose next wait is a long one. */
  private static Step slow(WorkerSlice worker) {
    Step step = worker.step(ScriptedBlock.assignment().maxAttempts(20));
    worker.bean(Answers.class).accept(step.answer(), null, false);
    StepRunner runner = worker.bean(StepRunner.class);
    for (int i = 0; i < 18; i++) {
      assertThat(step.queue(Place.NONE)).isTrue();
      assertThat(step.start(System.nanoTime())).isNotNull();
      assertThat(catchThrowable(() -> runner.execute(step, AttemptTrace.OFF)))
          .isInstanceOf(StepFailure.class);
      StepError error = StepContexts.decisionOf(step).error();
      assertThat(step.pause(error, Place.NONE, Duration.ZERO, System.nanoTime())).isTrue();
    }
    return step;
  }

  private static Outputs fail() throws StepFailure {
    throw StepFailure.of(ErrorCode.EXECUTION_FAILED, "It failed");
  }

  /** Runs each step that comes back on a thread of its own. */
  private record Queue(WorkerSlice worker) implements AttemptQueue {

    @Override
    public void requeue(Step step) {
      Thread.ofPlatform().daemon().start(() -> run(worker, step, this));
    }
  }

  private static final class Unwritable {

    @Override
    public String toString() {
      throw new IllegalStateException("a defect");
    }
  }
}
