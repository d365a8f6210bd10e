package io.beamline.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.BlockRegistry;
import io.beamline.worker.cancellation.Cancellations;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.contract.json.AssignmentDecoder;
import io.beamline.worker.execution.DeliveryLimit;
import io.beamline.worker.execution.StepFactory;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.observability.tracing.Tracing;
import io.beamline.worker.queue.PullLimit;
import io.beamline.worker.queue.StepPools;
import io.beamline.worker.result.Answers;
import io.beamline.worker.result.DeadLetters;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.result.Outbox;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FakeTime;
import io.beamline.worker.support.FlagsOff;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.WorkerSlice;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loop with a real server, and with defects around it. */
class IntakeLoopTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final AtomicInteger failures = new AtomicInteger();
  private NatsServer nats;
  private RouterStandIn router;
  private WorkerSlice worker;

  @BeforeEach
  void start() {
    nats = NatsServer.start();
    router = RouterStandIn.connect(nats.url());
    router.streams().provision();
    worker = worker("cancellation");
  }

  @AfterEach
  void close() {
    worker.close();
    router.close();
    nats.close();
  }

  @Test
  void takesAndAnswersWhatTheServerHas() {
    takeOver();
    List<String> ids =
        router.assignAll(Stream.generate(ScriptedBlock::assignment).limit(1_200).toList());
    router.awaitAll(ids, SOON);
    assertSettled();
    assertThat(router.streams().storedResults()).hasSize(1_200);
  }

  @Test
  void aMessageThatCannotBeTakenIsHandedBackAndTheLoopGoesOn() {
    IntakeLoop loop = loop(failing(3));
    loop.start();
    loop.opened(openSession());

    String id = router.assign(ScriptedBlock.assignment());

    router.awaitResult(id, SOON);
    assertThat(failures).hasValue(4);
    assertThat(loop.sinceLastTurn()).isLessThan(Duration.ofSeconds(5));
    assertSettled();
    loop.stop();
    assertThat(loop.isRunning()).isFalse();
  }

  @Test
  void aMessageThatDiesWhileItIsDecidedIsHandedBackAndDecidedAnew() {
    IntakeLoop loop = loop(handler(type -> true, new DyingFlags()));
    loop.start();
    loop.opened(openSession());

    String id = router.assign(ScriptedBlock.assignment());

    router.awaitResult(id, SOON);
    assertThat(failures).hasValue(3);
    assertSettled();
    loop.stop();
  }

  @Test
  void opensItsSourceAnewWhenTheConsumerIsDeleted() throws Exception {
    takeOver();
    router.awaitResult(router.assign(ScriptedBlock.assignment()), SOON);
    router.connection().jetStreamManagement().deleteConsumer("ASSIGNMENTS", "caf-workers");
    String id = router.assign(ScriptedBlock.assignment());
    router.awaitResult(id, SOON);
    assertSettled();
  }

  @Test
  void goesOnAfterTheServerWasKilled() {
    takeOver();
    router.awaitResult(router.assign(ScriptedBlock.assignment()), SOON);
    nats.kill();
    nats.restart();
    AtomicReference<String> id = new AtomicReference<>("");
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(() -> id.set(router.assign(ScriptedBlock.assignment())));
    router.awaitResult(id.get(), SOON);
    assertSettled();
  }

  @Test
  void handsBackAtTheEndWhatItHasNotLookedAt() {
    IntakeLoop[] loop = new IntakeLoop[1];
    AssignmentHandler stopsTheLoop =
        handler(
            type -> {
              failures.incrementAndGet();
              Thread.ofVirtual().start(loop[0]::stop);
              await().atMost(SOON).until(loop[0]::isStopping);
              return true;
            });
    loop[0] = loop(stopsTheLoop);
    loop[0].start();
    loop[0].opened(openSession());
    router.assignAll(Stream.generate(ScriptedBlock::assignment).limit(50).toList());

    await().atMost(SOON).until(() -> failures.get() > 0 && !loop[0].isRunning());

    assertSettled();
    takeOver();
    await().atMost(SOON).until(() -> router.streams().unacknowledgedAssignments() == 0);
    assertThat(router.streams().storedResults()).hasSize(50);
  }

  @Test
  void refusesAtTheEndInCoreDelivery() {
    IntakeLoop[] loop = new IntakeLoop[1];
    Predicate<String> broken =
        type -> {
          if (type.equals("broken")) {
            throw new IllegalStateException("a defect");
          }
          return true;
        };
    Delivery waiting = core(Assignments.of("scripted").id("late"));
    Delivery defect = core(Assignments.of("broken"));
    List<Delivery> left = new CopyOnWriteArrayList<>(List.of(defect, waiting));
    MessageSource source =
        new MessageSource() {
          private boolean stopped;

          @Override
          public @Nullable Delivery next(Duration wait) {
            return stopped && !left.isEmpty() ? left.removeFirst() : null;
          }

          @Override
          public boolean redelivers() {
            return false;
          }

          @Override
          public void stop() {
            stopped = true;
          }
        };
    loop[0] =
        new IntakeLoop(opened -> source, handler(broken), outbox(), answers(), noPause(), time());
    loop[0].start();
    loop[0].opened(openSession());
    await().atMost(SOON).until(() -> loop[0].sinceLastTurn().toMillis() < 400);

    loop[0].stop();

    assertThat(router.awaitAck("late", SOON).ackReason()).isEqualTo("shutting_down");
    assertThat(left).isEmpty();
  }

  @Test
  void takesInCoreDeliveryWhatCameBeforeTheSessionWasLost() throws Exception {
    NatsSession session = openSession();
    CountDownLatch given = new CountDownLatch(1);
    IntakeLoop[] loop = new IntakeLoop[1];
    AssignmentHandler losesTheSession =
        handler(
            type -> {
              if (failures.incrementAndGet() == 1) {
                awaitArrival(given, session);
                loop[0].closed();
              }
              return true;
            });
    MessageSource source = CoreSource.open(session, "core.assign", "workers");
    loop[0] =
        new IntakeLoop(opened -> source, losesTheSession, outbox(), answers(), noPause(), time());
    loop[0].start();
    loop[0].opened(session);
    session.connection().flush(SOON);

    for (int i = 0; i < 50; i++) {
      router.connection().publish("core.assign", ScriptedBlock.assignment().bytes());
    }
    router.connection().flush(SOON);
    given.countDown();

    await().atMost(SOON).until(() -> failures.get() == 50);
    assertSettled();
    loop[0].stop();
  }

  @Test
  void goesOnAfterAnErrorOfItsSource() {
    LogThrottle throttle = worker.bean(LogThrottle.class);
    IntakeLoop loop =
        new IntakeLoop(
            opened -> {
              if (failures.incrementAndGet() <= 2) {
                throw new OutOfMemoryError("as it was told");
              }
              return JetStreamSource.open(
                  opened,
                  "caf-workers",
                  view(opened),
                  memory(throttle),
                  now -> PullLimit.NONE,
                  time(),
                  throttle);
            },
            handler(type -> true),
            outbox(),
            answers(),
            noPause(),
            time());
    worker.bean(NatsSessions.class).subscribe(loop);
    loop.start();
    loop.opened(openSession());

    String id = router.assign(ScriptedBlock.assignment());

    router.awaitResult(id, SOON);
    assertThat(failures.get()).isGreaterThan(2);
    assertThat(loop.hasDied()).isFalse();
    assertSettled();
    loop.stop();
  }

  @Test
  void takesInCoreDeliveryWhatCameBeforeAnErrorOfItsSource() {
    List<Delivery> left =
        new CopyOnWriteArrayList<>(
            List.of(
                core(Assignments.of("scripted").id("a")),
                core(Assignments.of("scripted").id("b"))));
    MessageSource source =
        new MessageSource() {
          @Override
          public @Nullable Delivery next(Duration wait) {
            if (failures.incrementAndGet() == 1) {
              throw new OutOfMemoryError("as it was told");
            }
            return left.isEmpty() ? null : left.removeFirst();
          }

          @Override
          public boolean redelivers() {
            return false;
          }

          @Override
          public void stop() {}
        };
    AtomicInteger opened = new AtomicInteger();
    IntakeLoop loop =
        new IntakeLoop(
            one -> {
              if (opened.incrementAndGet() > 1) {
                throw new SourceFailedException("no more");
              }
              return source;
            },
            handler(type -> true),
            outbox(),
            answers(),
            noPause(),
            time());
    loop.start();
    loop.opened(openSession());

    router.awaitAll(List.of("a", "b"), SOON);
    assertSettled();
    loop.stop();
  }

  @Test
  void saysAtOnceThatItsThreadHasEnded() {
    FakeTime time = new FakeTime();
    MessageSource source =
        new MessageSource() {
          @Override
          public Delivery next(Duration wait) throws InterruptedException {
            throw new InterruptedException("as it was told");
          }

          @Override
          public boolean redelivers() {
            return true;
          }

          @Override
          public void stop() {}
        };
    IntakeLoop loop =
        new IntakeLoop(
            opened -> source,
            handler(type -> true),
            outbox(),
            answers(),
            new IntakePause(time),
            time);
    IntakeHealth health = new IntakeHealth(loop);
    loop.start();
    assertThat(health.check().healthy()).isTrue();

    loop.opened(openSession());

    await().atMost(SOON).until(() -> !health.check().healthy());
    assertThat(health.check().details()).containsKey("silent_seconds");
    loop.stop();
    assertThat(health.check().healthy()).isTrue();
  }

  @Test
  void saysWhenItHasDied() {
    FakeTime time = new FakeTime();
    IntakeLoop loop =
        new IntakeLoop(
            opened -> {
              throw new SourceFailedException("no");
            },
            handler(type -> true),
            outbox(),
            answers(),
            new IntakePause(time),
            time);
    IntakeHealth health = new IntakeHealth(loop);
    DrainHealth drain = new DrainHealth(loop);
    assertThat(health.check().healthy()).isTrue();
    time.advance(Duration.ofSeconds(11));
    assertThat(health.check().healthy()).isFalse();
    assertThat(drain.check().healthy()).isTrue();
    loop.stop();
    assertThat(health.check().healthy()).isTrue();
    assertThat(drain.check().healthy()).isFalse();
  }

  @Test
  void saysWhyItBeginsAgain() {
    AtomicInteger opened = new AtomicInteger();
    try (LogLines lines = new LogLines()) {
      IntakeLoop loop =
          new IntakeLoop(
              one -> {
                opened.incrementAndGet();
                throw new SourceFailedException("no such consumer");
              },
              handler(type -> true),
              outbox(),
              answers(),
              noPause(),
              time());
      loop.start();
      loop.opened(openSession());
      await().atMost(SOON).until(() -> opened.get() > 0);
      await()
          .atMost(SOON)
          .until(
              () -> lines.warnings().stream().anyMatch(line -> line.contains("no such consumer")));
      loop.stop();
    }
  }

  private static void awaitArrival(CountDownLatch given, NatsSession session) {
    try {
      given.await();
      session.connection().flush(SOON);
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A whole worker in the place of the one without intake. */
  private void takeOver() {
    worker.close();
    worker = worker("intake");
  }

  /** The whole worker, or all but its intake. */
  private WorkerSlice worker(String last) {
    return WorkerSlice.upTo(
        last,
        nats.url(),
        ScriptedBlock.of(call -> ScriptedBlock.DONE),
        "worker.nats.ack-wait=2s",
        "worker.shutdown.grace=1s");
  }

  private NatsSession openSession() {
    return await().atMost(SOON).until(worker::session, Objects::nonNull);
  }

  private static StreamView view(NatsSession session) {
    return new StreamView(session, "caf-workers", "caf.exec.assign.v1", body -> null);
  }

  private IntakeLoop loop(AssignmentHandler handler) {
    return new IntakeLoop(
        opened ->
            JetStreamSource.open(
                opened,
                "caf-workers",
                view(opened),
                memory(worker.bean(LogThrottle.class)),
                now -> PullLimit.NONE,
                time(),
                worker.bean(LogThrottle.class)),
        handler,
        outbox(),
        answers(),
        noPause(),
        time());
  }

  private static AssignmentMemory memory(LogThrottle throttle) {
    return new AssignmentMemory(() -> 0, 1, throttle);
  }

  /** A handler that fails some times, as a defect would make it. */
  private AssignmentHandler failing(int times) {
    return handler(
        type -> {
          if (failures.incrementAndGet() <= times) {
            throw new StackOverflowError("as it was told");
          }
          return true;
        });
  }

  private AssignmentHandler handler(Predicate<String> supports) {
    return handler(supports, worker.bean(FeatureFlags.class));
  }

  private AssignmentHandler handler(Predicate<String> supports, FeatureFlags flags) {
    return new AssignmentHandler(
        new AssignmentDecoder(supports),
        answers(),
        new Refusals(
            answers(),
            worker.bean(BlockRegistry.class),
            worker.bean(WorkerMetrics.class),
            false,
            time()),
        worker.bean(DeadLetters.class),
        worker.bean(StepFactory.class),
        worker.bean(StepPools.class),
        worker.bean(DeliveryLimit.class),
        worker.bean(Cancellations.class),
        flags,
        Tracing.OFF,
        time());
  }

  private static Delivery core(Assignments assignment) {
    return new Delivery("caf.exec.assign.v1", assignment.bytes(), null, null, 1);
  }

  private Outbox outbox() {
    return worker.bean(Outbox.class);
  }

  private Answers answers() {
    return worker.bean(Answers.class);
  }

  private IntakePause noPause() {
    return new IntakePause(time());
  }

  private TimeSource time() {
    return worker.bean(TimeSource.class);
  }

  private void assertSettled() {
    await().atMost(SOON).until(() -> answers().unfinished() == 0);
    router.assertClean();
  }

  /** Flags that die twice, as a worker short of memory would. */
  private final class DyingFlags extends FlagsOff {

    @Override
    public FlagSnapshot snapshot(String assignmentId, String tenantId) {
      if (failures.incrementAndGet() <= 2) {
        throw new OutOfMemoryError("as it was told");
      }
      return super.snapshot(assignmentId, tenantId);
    }
  }
}
