package io.beamline.worker.queue;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepEnd;
import io.beamline.worker.feature.FlagSnapshot;
import io.beamline.worker.result.Answers;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.Lateness;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.ResultClock;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.WorkerSlice;
import io.beamline.worker.timeout.TimeSource;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * The rooms from the connection to the queue, in which steps wait, and many deadlines of them that
 * pass in one moment. For one thread.
 */
final class DeadlineBurst implements AutoCloseable {

  private static final int SLOTS = 2;
  private static final int DUE = 5_000;
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration NEVER = Duration.ofHours(1);

  private final CountDownLatch gate = new CountDownLatch(1);
  private final NatsServer nats = NatsServer.start();
  private final ResultClock results = new ResultClock(nats);
  private final WorkerSlice worker =
      WorkerSlice.upTo(
          "queue",
          nats.url(),
          ScriptedBlock.of(this::hold),
          "worker.pools.cpu.concurrency=" + SLOTS,
          "worker.shutdown.grace=50ms");

  /** What a burst of 5 000 deadlines was like. */
  record Burst(Lateness lateness, Duration processorTime) {}

  /**
   * Has many deadlines pass. Those steps are the last ones in the queue, where a search would find
   * them last.
   *
   * @param waiting how many steps wait before them
   */
  Burst behind(int waiting) {
    await().until(() -> worker.session() != null);
    StepPools pools = worker.bean(StepPools.class);
    Answers answers = worker.bean(Answers.class);
    List<Step> others = Stream.generate(() -> step(NEVER, now())).limit(SLOTS + waiting).toList();
    others.forEach(pools::submit);
    await().until(() -> pools.running() == SLOTS);
    long arrived = now();
    List<Step> due = IntStream.range(0, DUE).mapToObj(i -> step(DEADLINE, arrived)).toList();
    due.forEach(step -> answers.accept(step.answer(), null, true));
    due.forEach(pools::submit);
    Duration before = processorTime();

    await().until(() -> results.count() == DUE);

    Duration taken = processorTime().minus(before);
    others.forEach(worker.bean(StepEnd.class)::handBack);
    await().until(() -> answers.unfinished() == 0 && pools.isIdle());
    return new Burst(results.take(id -> DEADLINE.toMillis()), taken);
  }

  @Override
  public void close() {
    gate.countDown();
    worker.close();
    results.close();
    nats.close();
  }

  private Step step(Duration deadline, long arrivedNanos) {
    Assignments assignment =
        ScriptedBlock.assignment().deadlineMs(deadline.toMillis()).correlated();
    Delivery delivery = new Delivery("caf.exec.assign.v1", assignment.bytes(), null, null, 1);
    return worker.step(assignment, delivery, FlagSnapshot.of(true, true), arrivedNanos);
  }

  private Outputs hold(BlockCall call) throws InterruptedException {
    gate.await();
    return ScriptedBlock.DONE;
  }

  private long now() {
    return worker.bean(TimeSource.class).nanos();
  }

  /** The processor time of the threads that end steps at their deadlines. */
  private static Duration processorTime() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Duration.ofNanos(
        Stream.of(threads.getThreadInfo(threads.getAllThreadIds()))
            .filter(Objects::nonNull)
            .filter(thread -> thread.getThreadName().startsWith("step-deadline-"))
            .mapToLong(ThreadInfo::getThreadId)
            .map(threads::getThreadCpuTime)
            .sum());
  }

  private static ConditionFactory await() {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20));
  }
}
