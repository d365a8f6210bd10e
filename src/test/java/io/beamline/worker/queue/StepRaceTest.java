package io.beamline.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.block.Block;
import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.destination.Destinations;
import io.beamline.worker.destination.ForcedState;
import io.beamline.worker.execution.Drain;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.WaitingRoom;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.result.Answers;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.WorkerSlice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/**
 * Steps that end by themselves, at their deadline or budget, because somebody cuts them wherever
 * they are, or by a drain, all at once, while they wait for destinations that open and close: each
 * ends once, lets its lease go once, and leaves nothing behind, no permit either. In core delivery
 * nothing is handed back, so that every end shows as a result. In JetStream's a step has a result
 * and its lease is acknowledged, or it has none and is handed back.
 */
class StepRaceTest {

  private static final int STEPS = 5_000;
  private static final int CUTTERS = 2;
  private static final int DESTINATIONS = 4;

  private final AtomicInteger interruptedAtStart = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final Map<String, Step> stepsById = new ConcurrentHashMap<>();
  private volatile boolean draining;

  @Test
  void eachOfManyEndsOnceAndLeavesNothingBehind() throws Exception {
    race(4);
  }

  void race(int rounds) throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    Random random = new Random(seed);
    try (NatsServer nats = NatsServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url());
        LeaseEnds leases = new LeaseEnds(nats)) {
      for (int round = 0; round < rounds; round++) {
        draining = false;
        boolean core = round / 2 % 2 == 0;
        List<String> ids;
        try (WorkerSlice worker = worker(nats, core ? "core" : "jetstream")) {
          await().until(() -> worker.session() != null);
          ids = race(worker, random.nextLong(), round % 2 == 0);
        }
        assertThat(running).as("seed %d", seed).hasValue(0);
        assertThat(ids).as("seed %d", seed).hasSize(STEPS);
        await().until(() -> ids.stream().allMatch(id -> leases.ends(id) > 0));
        assertThat(ids).as("seed %d", seed).allMatch(id -> leases.ends(id) == 1);
        await().until(() -> ids.stream().allMatch(id -> results(router, id) >= leases.acks(id)));
        assertThat(ids)
            .as("seed %d", seed)
            .allMatch(id -> results(router, id) == leases.acks(id))
            .anyMatch(id -> leases.acks(id) == 1)
            .allMatch(id -> !core || leases.acks(id) == 1);
      }
      router.assertClean();
    }
    assertThat(interruptedAtStart).as("seed %d", seed).hasValue(0);
  }

  private List<String> race(WorkerSlice worker, long seed, boolean drainEarly)
      throws InterruptedException {
    StepPools pools = worker.bean(StepPools.class);
    List<Step> steps = IntStream.range(0, STEPS).mapToObj(i -> step(worker, i)).toList();
    stepsById.clear();
    steps.forEach(step -> stepsById.put(step.assignment().assignmentId(), step));
    List<Thread> cutters = new ArrayList<>();
    for (int cutter = 0; cutter < CUTTERS; cutter++) {
      Random random = new Random(seed + cutter);
      cutters.add(Thread.ofPlatform().start(() -> cutSome(worker, steps, random)));
    }
    Thread operator = Thread.ofPlatform().start(() -> force(worker, steps, new Random(seed)));
    steps.forEach(pools::submit);
    if (!drainEarly) {
      await().until(() -> steps.stream().allMatch(Step::hasEnded));
      await().until(() -> worker.bean(Answers.class).unfinished() == 0);
    }
    draining = true;
    worker.bean(QueueDrain.class).stop();
    worker.bean(ExecutionDrain.class).stop();
    for (Thread cutter : cutters) {
      assertThat(cutter.join(Duration.ofSeconds(60))).isTrue();
    }
    assertThat(operator.join(Duration.ofSeconds(60))).isTrue();
    await().until(() -> steps.stream().allMatch(Step::hasEnded));
    await().until(pools::isIdle);
    await().untilAsserted(() -> assertThat(inUse(worker)).isZero());
    assertThat(pools.running()).isZero();
    assertThat(pools.queueDepths().values()).containsOnly(0);
    assertThat(worker.bean(WaitingRoom.class).size()).isZero();
    await().until(() -> worker.bean(Answers.class).unfinished() == 0);
    return steps.stream().map(step -> step.assignment().assignmentId()).toList();
  }

  /** Opens and closes a breaker by hand, until all steps have ended. */
  private static void force(WorkerSlice worker, List<Step> steps, Random random) {
    Destinations destinations = worker.bean(Destinations.class);
    ForcedState[] states = ForcedState.values();
    while (!steps.stream().allMatch(Step::hasEnded)) {
      destinations.force("destination-0", states[random.nextInt(states.length)]);
      Thread.onSpinWait();
    }
    destinations.force("destination-0", ForcedState.AUTO);
  }

  /** Attempts that hold a permit, and steps that wait for one. */
  private static int inUse(WorkerSlice worker) {
    return worker.bean(Destinations.class).views().stream()
        .mapToInt(view -> view.inFlight() + view.parked() + view.waiting())
        .sum();
  }

  /** As whoever cancels steps does: wherever they are, also those that have ended. */
  private static void cutSome(WorkerSlice worker, List<Step> steps, Random random) {
    Drain drain = worker.bean(Drain.class);
    for (int i = 0; i < STEPS / 2; i++) {
      drain.handBack(steps.get(random.nextInt(STEPS)));
    }
  }

  private static Step step(WorkerSlice worker, int number) {
    Assignments assignment =
        ScriptedBlock.assignment().maxAttempts(3).backoffMs(1).deadlineMs(1 + number % 400);
    Step step =
        worker.step(
            assignment,
            LeaseEnds.delivery(assignment, worker, 1),
            FlagSnapshot.of(number % 2 == 0, number % 3 == 0, number % 5 != 0));
    worker.bean(Answers.class).accept(step.answer(), null, false);
    return step;
  }

  private Outputs work(BlockCall call) throws StepFailure, InterruptedException {
    if (Thread.currentThread().isInterrupted() && !draining && !hasEnded(call)) {
      interruptedAtStart.incrementAndGet();
    }
    running.incrementAndGet();
    try {
      switch (ThreadLocalRandom.current().nextInt(64)) {
        case 0, 1, 2, 3, 4, 5, 6, 7 -> throw StepFailure.of(ErrorCode.NETWORK_ERROR, "It failed");
        case 8, 9 -> throw StepFailure.of(ErrorCode.INVALID_INPUT, "It failed");
        case 10 -> throw new StackOverflowError("made by the test");
        case 11 -> {
          boolean unused = new CountDownLatch(1).await(60, TimeUnit.MILLISECONDS);
        }
        default -> Thread.onSpinWait();
      }
      return ScriptedBlock.DONE;
    } finally {
      running.decrementAndGet();
    }
  }

  /** Whether the step was cut just now, so that the interruption is meant for it. */
  private boolean hasEnded(BlockCall call) {
    Step step = stepsById.get(call.assignmentId());
    return step != null && step.hasEnded();
  }

  private static int results(RouterStandIn router, String id) {
    return router.answer(id).results();
  }

  private WorkerSlice worker(NatsServer nats, String delivery) {
    return WorkerSlice.upTo(
        "queue",
        nats.url(),
        List.of(new BlockWithDestination()),
        "worker.nats.delivery=" + delivery,
        "worker.pools.cpu.concurrency=4",
        "worker.retry.max-waiting=20",
        "worker.destinations.breaker.open-for=100ms",
        "worker.destinations.max-concurrency=2",
        "worker.destinations.retry-minimum=100000",
        "worker.shutdown.grace=50ms");
  }

  /** Works at one of a few destinations. */
  private final class BlockWithDestination implements Block {

    private final BlockType type = new BlockType("scripted", List.of(), ResourcePool.CPU);

    @Override
    public BlockType type() {
      return type;
    }

    @Override
    public String destination(BlockCall call) {
      return "destination-" + Math.floorMod(call.assignmentId().hashCode(), DESTINATIONS);
    }

    @Override
    public Outputs run(BlockCall call) throws StepFailure, InterruptedException {
      return work(call);
    }
  }

  private static ConditionFactory await() {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5));
  }
}
