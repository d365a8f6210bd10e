package io.beamline.worker.queue;

import io.beamline.worker.contract.Overload;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.execution.QueueTicket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * The slots of one resource pool and the queue before them. All threads exist from the start, so
 * that every step goes through the queue. Thread-safe.
 */
final class StepPool extends ThreadPoolTaskExecutor {

  private final AdmissionQueue queue;
  private final Map<Thread, StepTask> running = new ConcurrentHashMap<>();
  private final int concurrency;
  private final OverloadScale scale;
  private final QueueObserver observer;
  private final IntSupplier depthNow = this::depth;
  private final Supplier<Overload> overloadNow = this::overload;
  private final IntFunction<QueueTicket> tickets = this::ticket;

  /**
   * A pool that is ready to run steps.
   *
   * @param concurrency steps that run at once
   * @param scale the queue's limit, for submissions under queue management, and what a depth means
   * @param rejection what becomes of a step that is not taken, on the thread that submits it
   */
  StepPool(
      ResourcePool name,
      int concurrency,
      OverloadScale scale,
      RejectedExecutionHandler rejection,
      QueueObserver observer) {
    this.concurrency = concurrency;
    this.scale = scale;
    this.observer = observer;
    this.queue = new AdmissionQueue(concurrency);
    setThreadNamePrefix("step-" + name.wireName() + "-");
    setCorePoolSize(concurrency);
    setMaxPoolSize(concurrency);
    setPrestartAllCoreThreads(true);
    setDaemon(true);
    setRejectedExecutionHandler(rejection);
    initialize();
  }

  @Override
  protected BlockingQueue<Runnable> createQueue(int queueCapacity) {
    return queue;
  }

  @Override
  protected void beforeExecute(Thread thread, Runnable task) {
    StepTask started = (StepTask) task;
    running.put(thread, started);
    observer.started(started);
  }

  @Override
  protected void afterExecute(Runnable task, @Nullable Throwable failure) {
    running.remove(Thread.currentThread());
    queue.left();
    observer.depthChanged(depthNow);
  }

  /** Submits a newcomer; one that is not taken has met the rejection handler. */
  void submit(StepTask task) {
    execute(task);
    observer.depthChanged(depthNow);
  }

  /** Queues a step that was accepted before, whatever the limit. */
  void requeue(StepTask task) {
    queue.admit(task);
    observer.depthChanged(depthNow);
  }

  /** Takes out a step that waits; false when it does not wait. */
  boolean remove(StepTask task) {
    boolean removed = queue.remove(task);
    if (removed) {
      queue.left();
      observer.depthChanged(depthNow);
    }
    return removed;
  }

  /** Takes out the steps that wait. */
  List<StepTask> takeWaiting() {
    List<Runnable> taken = new ArrayList<>();
    queue.drainTo(taken);
    taken.forEach(task -> queue.left());
    observer.depthChanged(depthNow);
    return taken.stream().map(StepTask.class::cast).toList();
  }

  /** Puts a task under the management of this queue. */
  void manage(StepTask task) {
    task.manage(scale.limit(), tickets);
  }

  /** Steps that run. */
  int running() {
    return running.size();
  }

  /** The tasks that run. */
  List<StepTask> runningTasks() {
    return List.copyOf(running.values());
  }

  /** Steps that wait for a slot. */
  int depth() {
    return queue.depth();
  }

  /** Steps that may wait under queue management. */
  int limit() {
    return scale.limit();
  }

  /** How full the queue is under queue management. */
  OverloadStatus overloadStatus() {
    return scale.of(depth());
  }

  /** Steps that wait or run; none is between the two uncounted. */
  int inside() {
    return queue.inside();
  }

  /** Whether every slot is taken. */
  boolean isFull() {
    return running.size() >= concurrency;
  }

  /** Tells the observer that queue management was turned on or off. */
  void managementChanged() {
    observer.depthChanged(depthNow);
  }

  private Overload overload() {
    return scale.overload(depth());
  }

  private QueueTicket ticket(int depth) {
    return new QueueTicket(scale.overload(depth), overloadNow);
  }
}
