package io.beamline.worker.queue;

import io.beamline.worker.contract.ResourcePool;
import io.beamline.worker.execution.AttemptQueue;
import io.beamline.worker.execution.Drain;
import io.beamline.worker.execution.Step;
import io.beamline.worker.execution.StepExecution;
import io.beamline.worker.result.WorkerLoad;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pools that steps wait for and run in (W3-4, contract section 4). Thread-safe. */
public final class StepPools implements AttemptQueue, WorkerLoad {

  private final Map<ResourcePool, StepPool> pools;
  private final StepExecution execution;
  private final Drain drain;

  StepPools(Map<ResourcePool, StepPool> pools, StepExecution execution, Drain drain) {
    this.pools = pools;
    this.execution = execution;
    this.drain = drain;
  }

  /** Queues a new step; false when there is no room for it. */
  public boolean submit(Step step) {
    StepTask task = new StepTask(step, execution, this);
    pool(step).execute(task);
    return !task.isRefused();
  }

  @Override
  public void requeue(Step step) {
    pool(step).requeue(new StepTask(step, execution, this));
    if (drain.hasBegun()) {
      giveUpWaiting();
    }
  }

  @Override
  public int running() {
    return pools.values().stream().mapToInt(StepPool::running).sum();
  }

  @Override
  public boolean isBusy() {
    return pools.values().stream().anyMatch(StepPool::isFull);
  }

  @Override
  public @Nullable Map<String, Integer> queueDepths() {
    return null;
  }

  /** Whether no step waits or runs. */
  boolean isIdle() {
    return pools.values().stream().allMatch(pool -> pool.inside() == 0);
  }

  /** Gives up every step that waits for a slot. */
  void giveUpWaiting() {
    pools.values().stream().map(StepPool::takeWaiting).flatMap(List::stream).forEach(this::giveUp);
  }

  /** Interrupts every step that runs, and runs no more. */
  void interruptRunning() {
    pools.values().forEach(StepPool::shutdown);
    pools.values().forEach(pool -> pool.getThreadPoolExecutor().shutdownNow());
  }

  private void giveUp(StepTask task) {
    drain.giveUp(task.step());
  }

  private StepPool pool(Step step) {
    StepPool pool = pools.get(step.pool());
    if (pool == null) {
      throw new IllegalStateException("no pool " + step.pool());
    }
    return pool;
  }
}
