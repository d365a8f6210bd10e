package io.beamline.worker.queue;

import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.execution.AttemptQueue;
import io.beamline.worker.execution.DeadlineWatch;
import io.beamline.worker.execution.Drain;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepEnd;
import io.beamline.worker.execution.StepExecution;
import io.beamline.worker.execution.StepView;
import io.beamline.worker.execution.WaitingRoom;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.result.WorkerLoad;
import io.beamline.worker.timeout.TimeSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** All pools: queues steps and runs them (W3-4, contract section 4). Thread-safe. */
public final class StepPools implements AttemptQueue, WorkerLoad {

  private final Map<ResourcePool, StepPool> pools;
  private final StepExecution execution;
  private final StepEnd end;
  private final Drain drain;
  private final WaitingRoom waitingRoom;
  private final DeadlineWatch watch;
  private final HoldRoom room;
  private final FeatureFlags flags;
  private final TimeSource time;

  StepPools(
      Map<ResourcePool, StepPool> pools,
      StepExecution execution,
      StepEnd end,
      Drain drain,
      WaitingRoom waitingRoom,
      DeadlineWatch watch,
      HoldRoom room,
      FeatureFlags flags,
      TimeSource time) {
    this.pools = pools;
    this.room = room;
    this.waitingRoom = waitingRoom;
    this.watch = watch;
    this.execution = execution;
    this.end = end;
    this.drain = drain;
    this.flags = flags;
    this.time = time;
  }

  /**
   * Queues a new step under the current state of the flag. A redelivered step may have been
   * accepted before, perhaps by another worker, so a full queue never rejects it.
   *
   * @return whether the step was accepted; a rejected step has been answered
   */
  public boolean submit(Step step) {
    try {
      StepPool pool = pool(step);
      StepTask task = task(step, pool);
      room.arrived(step.pool());
      if (flags.queueManagement()) {
        pool.manage(task, !room.policyHolds());
      }
      if (step.answer().delivery().count() > 1) {
        readmit(pool, task);
      } else if (step.queue(task)) {
        pool.submit(task);
      }
      if (!task.isRejected()) {
        watch.watch(step);
      }
      return !task.isRejected();
    } catch (RuntimeException | Error e) {
      // The step may be queued already, but its caller sees a failure.
      end.handBack(step);
      throw e;
    }
  }

  @Override
  public void requeue(Step step) {
    StepPool pool = pool(step);
    admit(pool, task(step, pool));
  }

  @Override
  public int running() {
    return pools.values().stream().mapToInt(StepPool::running).sum();
  }

  @Override
  public boolean isBusy() {
    return pools.values().stream().anyMatch(StepPool::allSlotsInUse);
  }

  @Override
  public Map<String, Integer> queueDepths() {
    Map<String, Integer> depths = new LinkedHashMap<>();
    pools.forEach((name, pool) -> depths.put(name.wireName(), pool.depth()));
    return depths;
  }

  /** Calls the visitor for each step that has ended although an attempt of it still runs. */
  public void forEachStuck(BiConsumer<Step, StepView> visitor) {
    long now = time.nanos();
    pools.values().forEach(pool -> pool.forEachStuck(now, visitor));
  }

  /** Returns how much the intake may request. */
  public PullRoom pullRoom() {
    return room;
  }

  /** Returns depth, limit and status of each queue, for operators. */
  Map<String, Object> describeQueues() {
    Map<String, Object> queues = new LinkedHashMap<>();
    pools.forEach(
        (name, pool) ->
            queues.put(
                name.wireName(),
                Map.of(
                    "queue_depth", pool.depth(),
                    "max_queue_size", pool.limit(),
                    "overload_status", pool.overloadStatus().wireName())));
    return queues;
  }

  /** Notifies the observers of all pools that queue management was turned on or off. */
  void managementChanged() {
    pools.values().forEach(StepPool::queueChanged);
  }

  /** Returns whether no step waits for a slot or runs. The waiting room does not count. */
  boolean isIdle() {
    return pools.values().stream().allMatch(pool -> pool.inside() == 0);
  }

  /** Hands back every step that waits for a slot. */
  void handBackWaiting() {
    handBack(StepPool::takeWaiting);
  }

  /** Hands back every running step, even if its block does not end. */
  void handBackRunning() {
    handBack(StepPool::runningTasks);
  }

  /** Interrupts every running step. The pools run no more steps. */
  void interruptRunning() {
    // shutdown() interrupts each step once. A second interrupt could hit a step that is being
    // handed back.
    pools.values().forEach(StepPool::shutdown);
  }

  /**
   * Queues a redelivered step. A suspect first waits in the waiting room, apart from the steps that
   * were delivered with it.
   */
  private void readmit(StepPool pool, StepTask task) {
    task.recordDepth(pool.depth());
    if (!waitingRoom.enterSuspect(task.step(), this)) {
      admit(pool, task);
    }
  }

  private void admit(StepPool pool, StepTask task) {
    if (task.step().queue(task)) {
      pool.requeue(task);
      if (drain.hasBegun()) {
        handBackWaiting();
      }
    }
  }

  private StepTask task(Step step, StepPool pool) {
    return new StepTask(step, pool, execution, this, time.nanos());
  }

  private void handBack(Function<StepPool, List<StepTask>> which) {
    pools.values().stream()
        .flatMap(pool -> which.apply(pool).stream())
        .map(StepTask::step)
        .forEach(drain::handBack);
  }

  private StepPool pool(Step step) {
    StepPool pool = pools.get(step.pool());
    if (pool == null) {
      throw new IllegalStateException("no pool " + step.pool());
    }
    return pool;
  }
}
