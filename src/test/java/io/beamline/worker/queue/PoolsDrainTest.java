package io.beamline.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.WaitingRoom;
import io.beamline.worker.result.Answers;
import io.beamline.worker.support.Answer;
import io.beamline.worker.support.FreePort;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.ScriptedBlock.Script;
import io.beamline.worker.support.WorkerSlice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The pools at the worker's end; what is handed back is no longer unfinished. */
class PoolsDrainTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger runs = new AtomicInteger();
  private final List<WorkerSlice> slices = new ArrayList<>();

  @AfterEach
  void close() {
    gate.countDown();
    slices.forEach(WorkerSlice::close);
  }

  @Test
  void handsQueuedStepsBackAtOnceAndLetsRunningOnesFinish() {
    WorkerSlice worker = worker("5s", this::waitAtTheGate);
    submit(worker, 10);
    awaitRunning(worker, 2);

    worker.bean(QueueDrain.class).stop();

    assertThat(worker.bean(Answers.class).unfinished()).isEqualTo(2);
    gate.countDown();
    worker.bean(ExecutionDrain.class).stop();
    assertThat(runs).hasValue(2);
    // Their results have no acceptance to follow, so that they stay until all is handed back.
    assertThat(worker.bean(Answers.class).unfinished()).isZero();
    assertThat(worker.bean(StepPools.class).isIdle()).isTrue();
  }

  @Test
  void interruptsAndHandsBackWhatRunsOnAfterTheGracePeriod() {
    WorkerSlice worker = worker("200ms", this::waitAtTheGate);
    submit(worker, 3);
    awaitRunning(worker, 2);
    worker.bean(QueueDrain.class).stop();

    worker.bean(ExecutionDrain.class).stop();

    assertThat(worker.bean(Answers.class).unfinished()).isZero();
    assertThat(worker.bean(StepPools.class).isIdle()).isTrue();
    assertThat(runs).hasValue(0);
  }

  @Test
  void handsBackAStepWhoseBlockDoesNotHear() {
    AtomicBoolean over = new AtomicBoolean();
    WorkerSlice worker =
        worker(
            "100ms",
            call -> {
              while (!over.get()) {
                Thread.onSpinWait();
              }
              return ScriptedBlock.DONE;
            });
    submit(worker, 1);
    awaitRunning(worker, 1);
    worker.bean(QueueDrain.class).stop();
    worker.bean(ExecutionDrain.class).stop();
    assertThat(worker.bean(Answers.class).unfinished()).isZero();
    over.set(true);
    await().atMost(SOON).until(() -> worker.bean(StepPools.class).running() == 0);
    assertThat(worker.bean(Answers.class).unfinished()).isZero();
  }

  @Test
  void cancelsAStepWhoseBlockDoesNotHearInCoreDelivery() {
    AtomicBoolean over = new AtomicBoolean();
    try (NatsServer nats = NatsServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url());
        WorkerSlice worker =
            WorkerSlice.upTo(
                "queue",
                nats.url(),
                ScriptedBlock.of(
                    call -> {
                      while (!over.get()) {
                        Thread.onSpinWait();
                      }
                      return ScriptedBlock.DONE;
                    }),
                "worker.nats.delivery=core",
                "worker.pools.cpu.concurrency=1",
                "worker.shutdown.grace=100ms")) {
      await().atMost(SOON).until(() -> worker.session() != null);
      Step step = worker.step(ScriptedBlock.assignment());
      worker.bean(Answers.class).accept(step.answer(), null, false);
      assertThat(worker.bean(StepPools.class).submit(step)).isTrue();
      awaitRunning(worker, 1);

      worker.bean(QueueDrain.class).stop();
      worker.bean(ExecutionDrain.class).stop();

      Answer answer = router.awaitResult(step.assignment().assignmentId(), SOON);
      assertThat(answer.status()).isEqualTo("cancelled");
      assertThat(answer.errorCode()).isEqualTo("CANCELLED_BY_USER");
      over.set(true);
      await().atMost(SOON).until(() -> worker.bean(StepPools.class).running() == 0);
      await().atMost(SOON).until(() -> worker.bean(Answers.class).unfinished() == 0);
      assertThat(router.answer(step.assignment().assignmentId()).results()).isEqualTo(1);
      router.assertClean();
    }
  }

  @Test
  void handsBackStepsThatWaitForTheirNextAttempt() {
    WorkerSlice worker = worker("5s", call -> fail());
    submit(worker, 20);
    WaitingRoom room = worker.bean(WaitingRoom.class);
    await().atMost(SOON).pollInterval(Duration.ofMillis(1)).until(() -> room.size() > 0);
    worker.bean(QueueDrain.class).stop();
    worker.bean(ExecutionDrain.class).stop();
    assertThat(room.size()).isZero();
    assertThat(worker.bean(Answers.class).unfinished()).isZero();
  }

  @Test
  void losesNoStepThatComesBackFromAWaitWhileTheDrainBegins() throws Exception {
    for (int round = 0; round < 20; round++) {
      WorkerSlice worker = worker("5s", call -> fail());
      StepPools pools = worker.bean(StepPools.class);
      List<Step> steps = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        steps.add(worker.step(ScriptedBlock.assignment().maxAttempts(20)));
      }
      try (var threads = Executors.newFixedThreadPool(4)) {
        steps.forEach(step -> threads.execute(() -> pools.requeue(step)));
        worker.bean(QueueDrain.class).stop();
      }
      worker.bean(ExecutionDrain.class).stop();
      assertThat(pools.isIdle()).isTrue();
      assertThat(worker.bean(WaitingRoom.class).size()).isZero();
      assertThat(worker.bean(Answers.class).unfinished()).isZero();
      slices.remove(worker);
      worker.close();
    }
  }

  @Test
  void saysWhetherItIsBusy() {
    WorkerSlice worker = worker("5s", this::waitAtTheGate);
    StepPools pools = worker.bean(StepPools.class);
    assertThat(pools.isBusy()).isFalse();
    submit(worker, 2);
    awaitRunning(worker, 2);
    assertThat(pools.isBusy()).isTrue();
    assertThat(pools.queueDepths()).containsEntry("cpu", 0);
    gate.countDown();
    await().atMost(SOON).until(pools::isIdle);
    assertThat(pools.isBusy()).isFalse();
    assertThat(pools.running()).isZero();
  }

  private WorkerSlice worker(String grace, Script script) {
    WorkerSlice worker =
        WorkerSlice.upTo(
            "queue",
            "nats://127.0.0.1:" + FreePort.find(),
            ScriptedBlock.of(script),
            "worker.pools.cpu.concurrency=2",
            "worker.shutdown.grace=" + grace);
    slices.add(worker);
    return worker;
  }

  private static void submit(WorkerSlice worker, int steps) {
    for (int i = 0; i < steps; i++) {
      Step step = worker.step(ScriptedBlock.assignment().maxAttempts(20));
      assertThat(worker.bean(StepPools.class).submit(step)).isTrue();
    }
  }

  private static void awaitRunning(WorkerSlice worker, int steps) {
    await().atMost(SOON).until(() -> worker.bean(StepPools.class).running() == steps);
  }

  private Outputs waitAtTheGate(BlockCall call) throws InterruptedException {
    gate.await();
    runs.incrementAndGet();
    return ScriptedBlock.DONE;
  }

  private static Outputs fail() throws StepFailure {
    throw StepFailure.of(ErrorCode.EXECUTION_FAILED, "It failed");
  }
}
