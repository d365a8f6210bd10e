package io.beamline.worker.cancellation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepCanceller;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.queue.StepPools;
import io.beamline.worker.result.Answers;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FlagsOff;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.WorkerSlice;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/**
 * Steps that end by themselves, and are cancelled at the same time, one by one and as a run: each
 * ends once and has one result.
 */
class CancelRaceTest {

  private static final int STEPS = 5_000;
  private static final int CANCELLERS = 2;

  @Test
  void eachOfManyEndsOnce() throws Exception {
    race(1);
  }

  /** All have ended when the request has been handled, and each has its result. */
  @Test
  void endsTenThousandStepsOfARunAtOnce() {
    try (NatsServer nats = NatsServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url());
        WorkerSlice worker = worker(nats)) {
      await().until(() -> worker.session() != null);
      Cancellations cancellations = cancellations(worker);
      List<Step> steps =
          IntStream.range(0, 10_000)
              .mapToObj(
                  i -> {
                    Assignments assignment = ScriptedBlock.assignment().input("gate", true);
                    assignment.json().withObject("correlation").put("run_id", "one");
                    Step step = worker.step(assignment);
                    worker.bean(Answers.class).accept(step.answer(), null, false);
                    return step;
                  })
              .toList();
      steps.forEach(worker.bean(StepPools.class)::submit);
      cancellations.received(List.of(message("\"run_id\":\"one\"", 0)));
      assertThat(steps).allMatch(Step::hasEnded);
      List<String> ids = steps.stream().map(step -> step.assignment().assignmentId()).toList();
      await().until(() -> router.unanswered(ids).isEmpty());
      assertThat(ids).allMatch(id -> router.answer(id).status().equals("cancelled"));
      router.assertClean();
    }
  }

  void race(int rounds) throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    Random random = new Random(seed);
    try (NatsServer nats = NatsServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url());
        WorkerSlice worker = worker(nats)) {
      await().until(() -> worker.session() != null);
      long cancelled = 0;
      for (int round = 0; round < rounds; round++) {
        List<String> ids = race(worker, random.nextLong());
        await().until(() -> router.unanswered(ids).isEmpty());
        assertThat(ids).as("seed %d", seed).allMatch(id -> router.answer(id).results() == 1);
        cancelled +=
            ids.stream().filter(id -> router.answer(id).status().equals("cancelled")).count();
        assertThat(worker.bean(Answers.class).unfinished()).isZero();
        assertThat(worker.bean(StepPools.class).running()).isZero();
      }
      assertThat(cancelled).as("seed %d", seed).isPositive().isLessThan((long) rounds * STEPS);
      router.assertClean();
    }
  }

  private static List<String> race(WorkerSlice worker, long seed) throws InterruptedException {
    StepPools pools = worker.bean(StepPools.class);
    Cancellations cancellations = cancellations(worker);
    List<Step> steps = IntStream.range(0, STEPS).mapToObj(i -> step(worker, i, seed)).toList();
    List<Thread> cancellers = new ArrayList<>();
    for (int canceller = 0; canceller < CANCELLERS; canceller++) {
      Random random = new Random(seed + canceller);
      cancellers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < STEPS / 4; i++) {
                      cancelOne(cancellations, steps.get(random.nextInt(STEPS)), i, seed);
                    }
                  }));
    }
    for (Step step : steps) {
      if (!cancellations.endIfRequested(step)) {
        boolean accepted = pools.submit(step);
        assertThat(accepted).isTrue();
      }
    }
    for (Thread canceller : cancellers) {
      assertThat(canceller.join(Duration.ofSeconds(60))).isTrue();
    }
    await().until(() -> steps.stream().allMatch(Step::hasEnded));
    await().until(() -> worker.bean(Answers.class).unfinished() == 0);
    await().until(() -> pools.running() == 0);
    return steps.stream().map(step -> step.assignment().assignmentId()).toList();
  }

  private static Cancellations cancellations(WorkerSlice worker) {
    return new Cancellations(
        new RequestMemory(100_000, Long.MAX_VALUE),
        worker.bean(StepCanceller.class),
        worker.bean(Answers.class),
        new AllCancellable(),
        worker.bean(WorkerMetrics.class),
        worker.bean(TimeSource.class),
        worker.bean(LogThrottle.class));
  }

  private static void cancelOne(Cancellations cancellations, Step step, int number, long seed) {
    String target =
        number % 50 == 0
            ? "\"run_id\":\"run-" + seed + "-" + number % 7 + "\""
            : "\"assignment_id\":\"" + step.assignment().assignmentId() + "\"";
    cancellations.received(List.of(message(target, number)));
  }

  private static RequestSource.StoredMessage message(String target, int number) {
    String json = "{\"version\":\"1\",\"tenant_id\":\"tenant-a\"," + target + "}";
    return new RequestSource.StoredMessage(
        json.getBytes(UTF_8), System.currentTimeMillis() + number);
  }

  private static Step step(WorkerSlice worker, int number, long seed) {
    Assignments assignment = ScriptedBlock.assignment().maxAttempts(3).backoffMs(1);
    assignment.json().withObject("correlation").put("run_id", "run-" + seed + "-" + number % 500);
    Step step = worker.step(assignment);
    worker.bean(Answers.class).accept(step.answer(), null, false);
    return step;
  }

  private static Outputs work(BlockCall call) throws StepFailure, InterruptedException {
    if (call.inputs().has("gate")) {
      boolean unused = new CountDownLatch(1).await(60, TimeUnit.SECONDS);
    }
    switch (ThreadLocalRandom.current().nextInt(32)) {
      case 0, 1, 2, 3 -> throw StepFailure.of(ErrorCode.NETWORK_ERROR, "It failed");
      case 4 -> {
        boolean unused = new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
      }
      default -> Thread.onSpinWait();
    }
    return ScriptedBlock.DONE;
  }

  private static WorkerSlice worker(NatsServer nats) {
    return WorkerSlice.upTo(
        "queue",
        nats.url(),
        ScriptedBlock.of(CancelRaceTest::work),
        "worker.nats.delivery=core",
        "worker.pools.cpu.concurrency=4",
        "worker.retry.max-waiting=20");
  }

  private static ConditionFactory await() {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5));
  }

  /** Cancellation is on for all. */
  private static final class AllCancellable extends FlagsOff {

    @Override
    public boolean cancellation(String assignmentId, String tenantId) {
      return true;
    }

    @Override
    public boolean cancellationInUse() {
      return true;
    }
  }
}
