package io.beamline.worker.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * The slots of one resource pool and the queue before them. All threads exist from the start, so
 * that every step goes through the queue. Thread-safe.
 */
final class StepPool extends ThreadPoolTaskExecutor {

  private final AdmissionQueue queue;
  private final AtomicInteger running = new AtomicInteger();
  private final int concurrency;

  /**
   * A pool that is ready to run steps.
   *
   * @param name the pool's name, part of its threads' names
   * @param concurrency steps that run at once
   * @param queueBound steps that may wait, read at each submission
   */
  StepPool(String name, int concurrency, IntSupplier queueBound) {
    this.concurrency = concurrency;
    this.queue = new AdmissionQueue(() -> saturatedSum(concurrency, queueBound.getAsInt()));
    setThreadNamePrefix("step-" + name + "-");
    setCorePoolSize(concurrency);
    setMaxPoolSize(concurrency);
    setPrestartAllCoreThreads(true);
    setDaemon(true);
    setRejectedExecutionHandler((task, executor) -> ((StepTask) task).refuse());
    initialize();
  }

  @Override
  protected BlockingQueue<Runnable> createQueue(int queueCapacity) {
    return queue;
  }

  @Override
  protected void beforeExecute(Thread thread, Runnable task) {
    running.incrementAndGet();
  }

  @Override
  protected void afterExecute(Runnable task, @Nullable Throwable failure) {
    running.decrementAndGet();
    queue.left();
  }

  /** Queues a step that was accepted before, whatever the bound. */
  void requeue(StepTask task) {
    queue.admit(task);
  }

  /** Takes out the steps that wait. */
  List<StepTask> takeWaiting() {
    List<Runnable> taken = new ArrayList<>();
    queue.drainTo(taken);
    taken.forEach(task -> queue.left());
    return taken.stream().map(StepTask.class::cast).toList();
  }

  /** Steps that run. */
  int running() {
    return running.get();
  }

  /** Steps that wait. */
  int waiting() {
    return queue.size();
  }

  /** Steps that wait or run; none is between the two uncounted. */
  int inside() {
    return queue.inside();
  }

  /** Whether every slot is taken. */
  boolean isFull() {
    return running.get() >= concurrency;
  }

  private static int saturatedSum(int one, int other) {
    return (int) Math.min(Integer.MAX_VALUE, (long) one + other);
  }
}
