package io.beamline.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.Block;
import io.beamline.worker.result.Answers;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.WorkerSlice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The intake in a pause, with a real server. */
class PausedIntakeTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  /** More than the deliveries that an assignment has. */
  private static final int OFTEN = 20;

  private final AtomicInteger executions = new AtomicInteger();
  private NatsServer nats;
  private RouterStandIn router;
  private WorkerSlice worker;
  private IntakePause pause;

  @BeforeEach
  void start() {
    nats = NatsServer.start();
    router = RouterStandIn.connect(nats.url());
    router.streams().provision();
    worker =
        WorkerSlice.upTo(
            "intake",
            nats.url(),
            counting(),
            "worker.shutdown.grace=1s",
            "worker.nats.max-deliver=5");
    pause = worker.bean(IntakePause.class);
    await().atMost(SOON).until(() -> worker.session() != null);
  }

  @AfterEach
  void close() {
    worker.close();
    router.assertClean();
    router.close();
    nats.close();
  }

  @Test
  void leavesEverythingToTheOthersUntilItIsResumed() {
    pause();
    try (WorkerSlice other =
        WorkerSlice.upTo("intake", nats.url(), ScriptedBlock.of(call -> ScriptedBlock.DONE))) {
      assertThat(other.session()).isNotSameAs(worker.session());
      router.awaitAll(assign(1_000), SOON);
      assertThat(executions).hasValue(0);
    }
    List<String> waiting = assign(100);
    assertThat(router.unanswered(waiting)).hasSize(100);

    pause.end("ben");

    router.awaitAll(waiting, SOON);
    assertThat(executions).hasValue(100);
    assertSettled(1_100);
    assertThat(router.streams().consumer().getDelivered().getConsumerSequence()).isEqualTo(1_100);
  }

  @Test
  void wearsNothingOutHoweverOftenItIsPausedUnderLoad() {
    List<String> ids = assign(3_000);
    for (int i = 0; i < OFTEN; i++) {
      int before = executions.get();
      pause.begin(new PauseOrder.Stop(null, null), "ann");
      await().atMost(SOON).until(this::hasLeft);
      pause.end("ben");
      await()
          .atMost(SOON)
          .until(() -> executions.get() > before || router.unanswered(ids).isEmpty());
    }
    router.awaitAll(ids, SOON);
    assertThat(executions).hasValue(3_000);
    assertSettled(3_000);
    assertThat(router.deadLetters()).isEmpty();
  }

  @Test
  void livesThroughAPauseAndResumesByItself() {
    pause.begin(new PauseOrder.Stop(Instant.now(), Duration.ofSeconds(11)), "ann");
    await().atMost(SOON).until(this::hasLeft);
    String id = router.assign(ScriptedBlock.assignment());
    IntakeHealth health = new IntakeHealth(worker.bean(IntakeLoop.class));
    DrainHealth drain = new DrainHealth(worker.bean(IntakeLoop.class));
    while (pause.isOn()) {
      assertThat(health.check().healthy() && drain.check().healthy()).isTrue();
      assertThat(router.answer(id).acks()).isZero();
      await().pollDelay(Duration.ofMillis(100)).until(() -> true);
    }
    router.awaitResult(id, SOON);
    assertThat(health.check().healthy()).isTrue();
  }

  @Test
  void staysPausedInTheNextSession() {
    var first = worker.session();
    pause();
    nats.kill();
    nats.restart();
    await().atMost(SOON).until(() -> worker.session() != null && worker.session() != first);
    List<String> ids = assign(10);
    try (WorkerSlice other =
        WorkerSlice.upTo("intake", nats.url(), ScriptedBlock.of(call -> ScriptedBlock.DONE))) {
      assertThat(other.session()).isNotSameAs(worker.session());
      router.awaitAll(ids, SOON);
    }
    assertThat(executions).hasValue(0);

    pause.end("ben");

    router.awaitAll(assign(10), SOON);
    assertThat(executions).hasValue(10);
  }

  @Test
  void beginsWhileNatsIsAwayAndEndsWithTheWorker() {
    nats.kill();
    await().atMost(SOON).until(() -> worker.session() == null);
    pause.begin(new PauseOrder.Stop(null, null), "ann");
    nats.restart();
    await().atMost(SOON).until(() -> worker.session() != null);
    String id = router.assign(ScriptedBlock.assignment());
    assertThat(hasLeft()).isTrue();

    IntakeLoop loop = worker.bean(IntakeLoop.class);
    loop.stop();

    assertThat(loop.isRunning()).isFalse();
    assertThat(router.answer(id).acks()).isZero();
    assertThat(router.streams().unacknowledgedAssignments()).isEqualTo(1);
  }

  private void pause() {
    pause.begin(new PauseOrder.Stop(null, null), "ann");
    await().atMost(SOON).until(this::hasLeft);
  }

  /** The server knows nobody who waits for a message. */
  private boolean hasLeft() {
    return router.streams().consumer().getNumWaiting() == 0;
  }

  private List<String> assign(int count) {
    return router.assignAll(Stream.generate(ScriptedBlock::assignment).limit(count).toList());
  }

  private void assertSettled(int count) {
    await().atMost(SOON).until(() -> worker.bean(Answers.class).unfinished() == 0);
    await().atMost(SOON).until(() -> router.streams().consumer().getNumAckPending() == 0);
    assertThat(router.streams().storedResults()).hasSize(count);
  }

  private List<? extends Block> counting() {
    return ScriptedBlock.of(
        call -> {
          executions.incrementAndGet();
          return ScriptedBlock.DONE;
        });
  }
}
