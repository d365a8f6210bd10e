package io.beamline.worker.queue;

import io.beamline.worker.contract.Overload;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.execution.QueueTicket;
import io.beamline.worker.execution.StepEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * The slots of one resource pool and the queue before them. All threads exist from the start, so
 * that every step goes through the queue. Thread-safe.
 */
final class StepPool extends ThreadPoolTaskExecutor {

  private static final Logger log = LoggerFactory.getLogger(StepPool.class);

  private final AdmissionQueue queue;
  private final Map<Thread, StepTask> running = new ConcurrentHashMap<>();
  private final int concurrency;
  private final OverloadScale scale;
  private final StepEnd end;
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
      StepEnd end,
      QueueObserver observer) {
    this.end = end;
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

  /**
   * Runs a task in its slot. Throws nothing, so that the slot's thread lives on: a task that could
   * not be run goes back to the server, and the slot is free in any case.
   */
  void run(StepTask task) {
    Thread slot = Thread.currentThread();
    try {
      running.put(slot, task);
      observer.started(task);
      task.attempt();
    } catch (RuntimeException | Error e) {
      end.handBack(task.step());
      logQuietly(e);
    } finally {
      running.remove(slot);
      queue.left();
      depthChanged();
    }
  }

  /** Submits a newcomer; one that is not taken has met the rejection handler. */
  void submit(StepTask task) {
    replaceDeadThreads();
    execute(task);
    depthChanged();
  }

  /** Queues a step that was accepted before, whatever the limit. */
  void requeue(StepTask task) {
    queue.admit(task);
    replaceDeadThreads();
    depthChanged();
  }

  /** Takes out a task that waits; nothing when it does not. */
  void remove(StepTask task) {
    if (queue.remove(task)) {
      depthChanged();
    }
  }

  /** Takes out the steps that wait. */
  List<StepTask> takeWaiting() {
    List<Runnable> taken = new ArrayList<>();
    queue.drainTo(taken);
    depthChanged();
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

  /** Queue management was turned on or off. */
  void managementChanged() {
    depthChanged();
  }

  /** Metrics and logs never stand in a step's way. */
  private void depthChanged() {
    try {
      observer.depthChanged(depthNow);
    } catch (RuntimeException | Error e) {
      logQuietly(e);
    }
  }

  /** A slot's thread dies only when memory is short; without it, tasks would pass by the queue. */
  private void replaceDeadThreads() {
    boolean unused = getThreadPoolExecutor().prestartCoreThread();
  }

  private static void logQuietly(Throwable failure) {
    try {
      log.atError().setCause(failure).log("A pool failed beside its steps");
    } catch (RuntimeException | Error e) {
      // Not even a log line is possible.
    }
  }

  private Overload overload() {
    return scale.overload(depth());
  }

  private QueueTicket ticket(int depth) {
    return new QueueTicket(scale.overload(depth), overloadNow);
  }
}
