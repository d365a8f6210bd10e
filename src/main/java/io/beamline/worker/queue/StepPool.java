package io.beamline.worker.queue;

import io.beamline.worker.contract.Overload;
import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.execution.QueueOverload;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepEnd;
import io.beamline.worker.execution.StepView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * The slots of one resource pool, and its queue. There is one thread for each slot. All of them
 * start when the pool is created: while one is missing, the executor would give a step to a new
 * thread and bypass the queue. Thread-safe.
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
  private final IntFunction<QueueOverload> overloadOfDepth = this::queueOverload;

  /**
   * Creates and starts a pool.
   *
   * @param concurrency the number of slots
   * @param scale the queue's limit under queue management, and its overload status
   * @param rejection handles a step that the queue does not accept, on the thread that submits it
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
   * Runs a task in its slot. It never throws, so the thread of the slot survives. A task that
   * cannot be run is handed back to the server, and the slot is freed in any case.
   */
  void run(StepTask task) {
    Thread slot = Thread.currentThread();
    boolean ran = false;
    try {
      running.put(slot, task);
      observer.started(task);
      ran = task.attempt();
    } catch (RuntimeException | Error e) {
      end.handBack(task.step());
      logFailure(e, "A step could not be run; it goes back to the server");
    } finally {
      running.remove(slot);
      queue.stepLeft(ran);
      queueChanged();
    }
  }

  /**
   * Submits a new step. If the queue has no room for it, the rejection handler has answered it, or
   * has made room for it, before this returns.
   */
  void submit(StepTask task) {
    replaceDeadThread();
    execute(task);
    queueChanged();
  }

  /** Queues a step that was accepted before, ignoring the limit. */
  void requeue(StepTask task) {
    queue.admit(task);
    replaceDeadThread();
    queueChanged();
  }

  /** Removes a task if it waits. */
  void remove(StepTask task) {
    if (queue.remove(task)) {
      queueChanged();
    }
  }

  /** Removes the tasks that wait, and returns them. */
  List<StepTask> takeWaiting() {
    List<Runnable> taken = new ArrayList<>();
    queue.drainTo(taken);
    queueChanged();
    return taken.stream().map(StepTask.class::cast).toList();
  }

  /**
   * Applies queue management to a task that will be submitted.
   *
   * @param rejects whether it is rejected if the queue is full
   */
  void manage(StepTask task, boolean rejects) {
    task.manage(rejects ? scale.limit() : StepTask.UNBOUNDED, overloadOfDepth);
  }

  /** Returns the number of running steps. */
  int running() {
    return running.size();
  }

  /**
   * Calls the visitor for each step that has ended although its attempt still runs ({@link
   * Step#stuckView}).
   */
  void forEachStuck(long nowNanos, BiConsumer<Step, StepView> visitor) {
    for (StepTask task : running.values()) {
      StepView stuck = task.step().stuckView(nowNanos);
      if (stuck != null) {
        visitor.accept(task.step(), stuck);
      }
    }
  }

  /** Returns the number of attempts that are stuck. */
  int stuck(long nowNanos) {
    AtomicInteger found = new AtomicInteger();
    forEachStuck(nowNanos, (step, view) -> found.incrementAndGet());
    return found.get();
  }

  /** Returns the running tasks. */
  List<StepTask> runningTasks() {
    return List.copyOf(running.values());
  }

  /** Returns the number of steps that wait for a slot. */
  int depth() {
    return queue.depth();
  }

  /** Returns the number of steps that may wait under queue management. */
  int limit() {
    return scale.limit();
  }

  /** Returns the number of slots. */
  int concurrency() {
    return concurrency;
  }

  /** Returns the number of all attempts that have ended here. */
  long finished() {
    return queue.left();
  }

  /** Returns the overload status under queue management. */
  OverloadStatus overloadStatus() {
    return scale.of(depth());
  }

  /**
   * Returns the number of steps that wait or run. A step that changes from one to the other is
   * always counted.
   */
  int inside() {
    return queue.inside();
  }

  /** Returns whether every slot is in use. */
  boolean allSlotsInUse() {
    return running.size() >= concurrency;
  }

  /**
   * Notifies the observer that the number of waiting steps may have changed, or that queue
   * management was turned on or off. Never throws.
   */
  void queueChanged() {
    try {
      observer.queueChanged(depthNow);
    } catch (RuntimeException | Error e) {
      logFailure(e, "Bookkeeping of a pool failed; its steps are not affected");
    }
  }

  /** Starts a new thread if one has died, which happens only when memory is short. */
  private void replaceDeadThread() {
    boolean unused = getThreadPoolExecutor().prestartCoreThread();
  }

  private static void logFailure(Throwable failure, String message) {
    try {
      log.atError().setCause(failure).log(message);
    } catch (RuntimeException | Error e) {
      // Logging failed too; nothing else can be done.
    }
  }

  private Overload overload() {
    return scale.overload(depth());
  }

  private QueueOverload queueOverload(int depth) {
    return new QueueOverload(scale.overload(depth), overloadNow);
  }
}
