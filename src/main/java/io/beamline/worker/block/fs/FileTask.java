package io.beamline.worker.block.fs;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One operation between its caller and its file thread. Thread-safe: every change of state is one
 * compare-and-set, so exactly one of the two decides how the operation ends.
 */
final class FileTask<T> implements Callable<T>, Progress {

  private enum State {
    QUEUED,
    RUNNING,
    /** The result is about to become visible. */
    COMMITTING,
    /** The caller gave up. */
    ABANDONED,
    ENDED
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);
  private final FileOperation<T> operation;
  private final AtomicInteger stuckThreads;

  /**
   * @param stuckThreads counts the threads that are still in an abandoned operation
   */
  FileTask(FileOperation<T> operation, AtomicInteger stuckThreads) {
    this.operation = operation;
    this.stuckThreads = stuckThreads;
  }

  @Override
  public T call() throws Exception {
    if (!state.compareAndSet(State.QUEUED, State.RUNNING)) {
      throw new AbandonedException();
    }
    try {
      return operation.run(this);
    } finally {
      if (state.getAndSet(State.ENDED) == State.ABANDONED) {
        stuckThreads.decrementAndGet();
      }
    }
  }

  @Override
  public void checkpoint() throws AbandonedException {
    if (state.get() == State.ABANDONED) {
      throw new AbandonedException();
    }
  }

  @Override
  public void claim() throws AbandonedException {
    if (!state.compareAndSet(State.RUNNING, State.COMMITTING)) {
      throw new AbandonedException();
    }
  }

  /**
   * The caller gives up, unless the result is about to become visible or the operation has ended.
   *
   * @return whether the operation is abandoned, and will leave nothing behind
   */
  boolean abandon() {
    return state.compareAndSet(State.QUEUED, State.ABANDONED) || abandonFrom(State.RUNNING);
  }

  /**
   * The caller gives up on an operation that claimed its result and does not come back.
   *
   * @return whether it did; false when the operation has ended
   */
  boolean abandonClaimed() {
    return abandonFrom(State.COMMITTING);
  }

  private boolean abandonFrom(State from) {
    // Counted first: the thread may end, and count down, right after the change of state.
    stuckThreads.incrementAndGet();
    boolean abandoned = state.compareAndSet(from, State.ABANDONED);
    if (!abandoned) {
      stuckThreads.decrementAndGet();
    }
    return abandoned;
  }
}
