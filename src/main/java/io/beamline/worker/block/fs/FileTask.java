package io.beamline.worker.block.fs;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One operation that a caller and a file thread share. Thread-safe: each state change is one
 * compare-and-set, so exactly one of the two decides how the operation ends.
 */
final class FileTask<T> implements Callable<T>, Progress {

  private enum TaskState {
    QUEUED,
    RUNNING,
    /** The result is about to become visible. */
    COMMITTING,
    /** The caller has stopped waiting. */
    ABANDONED,
    ENDED
  }

  private final AtomicReference<TaskState> state = new AtomicReference<>(TaskState.QUEUED);
  private final FileOperation<T> operation;
  private final StuckThreads stuckThreads;

  /**
   * @param stuckThreads counts the threads that still run an abandoned operation
   */
  FileTask(FileOperation<T> operation, StuckThreads stuckThreads) {
    this.operation = operation;
    this.stuckThreads = stuckThreads;
  }

  @Override
  public T call() throws Exception {
    if (!state.compareAndSet(TaskState.QUEUED, TaskState.RUNNING)) {
      throw new AbandonedException();
    }
    try {
      return operation.run(this);
    } finally {
      if (state.getAndSet(TaskState.ENDED) == TaskState.ABANDONED) {
        stuckThreads.decrement();
      }
    }
  }

  @Override
  public void checkpoint() throws AbandonedException {
    if (state.get() == TaskState.ABANDONED) {
      throw new AbandonedException();
    }
  }

  @Override
  public void claim() throws AbandonedException {
    if (!state.compareAndSet(TaskState.RUNNING, TaskState.COMMITTING)) {
      throw new AbandonedException();
    }
  }

  /**
   * Abandons the operation, unless it is committing or has ended.
   *
   * @return whether the operation is abandoned and will leave no changes
   */
  boolean abandon() {
    return state.compareAndSet(TaskState.QUEUED, TaskState.ABANDONED)
        || abandonFrom(TaskState.RUNNING);
  }

  /**
   * Abandons an operation that hangs while it commits.
   *
   * @return whether it is abandoned; false if it has ended
   */
  boolean abandonClaimed() {
    return abandonFrom(TaskState.COMMITTING);
  }

  private boolean abandonFrom(TaskState from) {
    // Incremented first, because the thread may end and decrement right after the state change.
    stuckThreads.increment();
    boolean abandoned = state.compareAndSet(from, TaskState.ABANDONED);
    if (!abandoned) {
      stuckThreads.decrement();
    }
    return abandoned;
  }
}
