package io.beamline.worker.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.execution.StepExecution;
import io.beamline.worker.support.FreePort;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.WorkerSlice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Slots and queue under many threads, with steps that run for real. */
class StepPoolTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int SUBMITTERS = 8;
  private static final int SWITCHERS = 1;

  private static final Map<String, Integer> runs = new ConcurrentHashMap<>();
  private static volatile CountDownLatch gate = new CountDownLatch(0);
  private static WorkerSlice slice;
  private static ExecutorService submitters;
  private final List<StepPool> pools = new ArrayList<>();

  @BeforeAll
  static void start() {
    slice =
        WorkerSlice.upTo(
            "execution",
            "nats://127.0.0.1:" + FreePort.find(),
            ScriptedBlock.of(StepPoolTest::pass));
    submitters = Executors.newFixedThreadPool(SUBMITTERS + SWITCHERS);
  }

  @AfterAll
  static void end() {
    submitters.shutdownNow();
    slice.close();
  }

  @AfterEach
  void shutDown() {
    gate.countDown();
    pools.forEach(StepPool::shutdown);
    runs.clear();
  }

  @Test
  void takesExactlyAsManyAsRunAndMayWait() throws Exception {
    for (int round = 0; round < 200; round++) {
      gate = new CountDownLatch(1);
      runs.clear();
      StepPool pool = pool(2, () -> 10);
      Collection<StepTask> tasks = submitAtOnce(pool, 50);

      assertThat(tasks.stream().filter(task -> !task.isRefused())).hasSize(12);
      assertThat(pool.inside()).isEqualTo(12);
      gate.countDown();
      awaitIdle(pool);
      assertThat(runs.values()).hasSize(12).containsOnly(1);
      pool.shutdown();
    }
  }

  @Test
  void losesNothingAndRunsNothingTwiceWhileTheBoundIsSwitched() throws Exception {
    AtomicBoolean bounded = new AtomicBoolean();
    AtomicBoolean over = new AtomicBoolean();
    StepPool pool = pool(2, () -> bounded.get() ? 3 : Integer.MAX_VALUE);
    Future<?> switcher =
        submitters.submit(
            () -> {
              while (!over.get()) {
                bounded.set(!bounded.get());
                Thread.onSpinWait();
              }
            });
    Collection<StepTask> tasks = submitAtOnce(pool, 8_000);
    over.set(true);
    switcher.get(5, TimeUnit.SECONDS);
    awaitIdle(pool);

    List<String> accepted =
        tasks.stream()
            .filter(task -> !task.isRefused())
            .map(task -> task.step().assignment().assignmentId())
            .toList();
    assertThat(runs.keySet()).containsExactlyInAnyOrderElementsOf(accepted);
    assertThat(runs.values()).containsOnly(1);
    assertThat(pool.getThreadPoolExecutor().getActiveCount()).isZero();
  }

  @Test
  void whatWaitsStaysWhenTheBoundSinksBelowIt() throws Exception {
    gate = new CountDownLatch(1);
    AtomicBoolean bounded = new AtomicBoolean();
    StepPool pool = pool(1, () -> bounded.get() ? 1 : Integer.MAX_VALUE);
    submitAtOnce(pool, 20);
    bounded.set(true);

    StepTask late = task();
    pool.execute(late);

    assertThat(late.isRefused()).isTrue();
    gate.countDown();
    awaitIdle(pool);
    assertThat(runs).hasSize(20);
    StepTask next = task();
    pool.execute(next);
    assertThat(next.isRefused()).isFalse();
  }

  @Test
  void takesBackWhatWasAcceptedBeforeWhateverTheBound() throws Exception {
    gate = new CountDownLatch(1);
    StepPool pool = pool(1, () -> 0);
    submitAtOnce(pool, 5);
    assertThat(pool.inside()).isEqualTo(1);
    await().atMost(SOON).until(pool::isFull);

    pool.requeue(task());
    pool.requeue(task());

    assertThat(pool.waiting()).isEqualTo(2);
    assertThat(pool.inside()).isEqualTo(3);
    gate.countDown();
    awaitIdle(pool);
    assertThat(runs.values()).hasSize(3).containsOnly(1);
  }

  @Test
  void givesOutWhatWaitsAndOnlyThat() throws Exception {
    gate = new CountDownLatch(1);
    StepPool pool = pool(2, () -> Integer.MAX_VALUE);
    submitAtOnce(pool, 10);
    await().atMost(SOON).until(() -> pool.waiting() == 8);

    List<StepTask> taken = pool.takeWaiting();

    assertThat(taken).hasSize(8);
    assertThat(pool.takeWaiting()).isEmpty();
    assertThat(pool.inside()).isEqualTo(2);
    gate.countDown();
    awaitIdle(pool);
    assertThat(runs).hasSize(2);
    taken.forEach(
        task -> assertThat(runs).doesNotContainKey(task.step().assignment().assignmentId()));
  }

  @Test
  void countsRightAfterABlockDied() throws Exception {
    StepPool pool = pool(2, () -> 10);
    for (int i = 0; i < 20; i++) {
      StepTask dying =
          new StepTask(
              slice.step(ScriptedBlock.assignment().input("die", true)),
              slice.bean(StepExecution.class),
              step -> {});
      pool.execute(dying);
      awaitIdle(pool);
    }
    gate = new CountDownLatch(1);
    runs.clear();
    Collection<StepTask> tasks = submitAtOnce(pool, 50);
    assertThat(tasks.stream().filter(task -> !task.isRefused())).hasSize(12);
  }

  @Test
  void refusesWhenItHasEnded() {
    StepPool pool = pool(1, () -> Integer.MAX_VALUE);
    pool.shutdown();
    StepTask late = task();
    pool.execute(late);
    assertThat(late.isRefused()).isTrue();
  }

  private StepPool pool(int concurrency, IntSupplier bound) {
    StepPool pool = new StepPool("test", concurrency, bound);
    pools.add(pool);
    return pool;
  }

  private static StepTask task() {
    return new StepTask(
        slice.step(ScriptedBlock.assignment()), slice.bean(StepExecution.class), step -> {});
  }

  private static Collection<StepTask> submitAtOnce(StepPool pool, int count) throws Exception {
    List<StepTask> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tasks.add(task());
    }
    ConcurrentLinkedQueue<StepTask> left = new ConcurrentLinkedQueue<>(tasks);
    int threads = SUBMITTERS;
    CyclicBarrier together = new CyclicBarrier(threads);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      all.add(
          submitters.submit(
              () -> {
                together.await();
                for (StepTask task = left.poll(); task != null; task = left.poll()) {
                  pool.execute(task);
                }
                return null;
              }));
    }
    for (Future<?> one : all) {
      one.get(30, TimeUnit.SECONDS);
    }
    return tasks;
  }

  private static void awaitIdle(StepPool pool) {
    await()
        .atMost(SOON)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> pool.inside() == 0 && pool.running() == 0 && pool.waiting() == 0);
  }

  private static Outputs pass(BlockCall call) throws InterruptedException {
    runs.merge(call.assignmentId(), 1, Integer::sum);
    if (call.inputs().has("die")) {
      throw new StackOverflowError("as it was told");
    }
    gate.await();
    return ScriptedBlock.DONE;
  }
}
