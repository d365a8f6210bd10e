package io.beamline.worker.queue;

import java.util.AbstractQueue;
import java.util.Collection;
import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a pool. Each step has its own limit, set by the flag at the step's submission
 * (W3-4.1). A new step is queued only if fewer steps than its limit wait. Steps that were accepted
 * before are always queued.
 *
 * <p>It counts all steps inside the pool, waiting or running, so the number of waiting steps is
 * exact under concurrency. Each task records the depth at the moment when it was queued or
 * rejected. Adding, taking, removing and dropping a task takes constant time. Thread-safe: one lock
 * guards the tasks.
 */
final class AdmissionQueue extends AbstractQueue<Runnable> implements BlockingQueue<Runnable> {

  private final int slots;
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicLong left = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final WaitingTasks waiting = new WaitingTasks();

  /**
   * Creates an empty queue.
   *
   * @param slots the number of steps of the pool that run at once
   */
  AdmissionQueue(int slots) {
    this.slots = slots;
  }

  /** Queues a new step if there is room. */
  @Override
  public boolean offer(Runnable newcomer) {
    StepTask task = (StepTask) newcomer;
    lock.lock();
    try {
      if (isFullFor(task)) {
        task.recordDepth(depth());
        return false;
      }
      add(task);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Queues a step that was accepted before. */
  void admit(StepTask task) {
    lock.lock();
    try {
      add(task);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Queues a new step. If the queue is full, it drops the step that has waited longest of those
   * submitted under queue management. Steps from before queue management was turned on stay.
   */
  Displacement offerDroppingOldest(StepTask newcomer) {
    lock.lock();
    try {
      if (!isFullFor(newcomer)) {
        add(newcomer);
        return new Displacement(true, null);
      }
      StepTask oldest = waiting.firstManaged();
      if (oldest == null) {
        newcomer.recordDepth(depth());
        return new Displacement(false, null);
      }
      // All memory is allocated before a task is removed, because a removed task has no other
      // owner.
      Displacement displacement = new Displacement(true, oldest);
      newcomer.recordDepth(depth());
      removeWaiting(oldest);
      waiting.add(newcomer);
      notEmpty.signal();
      return displacement;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Records that a step has left its slot.
   *
   * @param ran whether it made an attempt there
   */
  void stepLeft(boolean ran) {
    inside.decrementAndGet();
    if (ran) {
      left.incrementAndGet();
    }
  }

  /** Returns the number of all attempts that were made here and have ended. */
  long left() {
    return left.get();
  }

  /** Returns the number of steps inside the pool, waiting or running. */
  int inside() {
    return inside.get();
  }

  /**
   * Returns the number of steps that wait for a slot. A step that a free slot is about to take does
   * not count.
   */
  int depth() {
    return Math.max(0, inside.get() - slots);
  }

  @Override
  public Runnable take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        StepTask first = waiting.first();
        if (first != null) {
          removeWaiting(first);
          return first;
        }
        notEmpty.await();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable Runnable poll(long time, TimeUnit unit) throws InterruptedException {
    long left = unit.toNanos(time);
    lock.lockInterruptibly();
    try {
      while (waiting.first() == null && left > 0) {
        left = notEmpty.awaitNanos(left);
      }
      return poll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable Runnable poll() {
    lock.lock();
    try {
      StepTask first = waiting.first();
      if (first != null) {
        removeWaiting(first);
      }
      return first;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable Runnable peek() {
    lock.lock();
    try {
      return waiting.first();
    } finally {
      lock.unlock();
    }
  }

  /** Removes a waiting task, which then no longer counts as inside. */
  @Override
  public boolean remove(@Nullable Object task) {
    lock.lock();
    try {
      boolean removed = task instanceof StepTask waits && waiting.remove(waits);
      if (removed) {
        inside.decrementAndGet();
      }
      return removed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Iterates over a copy of the waiting tasks. */
  @Override
  public Iterator<Runnable> iterator() {
    lock.lock();
    try {
      return waiting.copy().iterator();
    } finally {
      lock.unlock();
    }
  }

  /** Moves all waiting tasks into a collection; they no longer count as inside. */
  @Override
  public int drainTo(Collection<? super Runnable> into) {
    return drainTo(into, Integer.MAX_VALUE);
  }

  @Override
  public int drainTo(Collection<? super Runnable> into, int most) {
    lock.lock();
    try {
      int moved = 0;
      for (StepTask first = waiting.first();
          first != null && moved < most;
          first = waiting.first()) {
        into.add(first);
        removeWaiting(first);
        inside.decrementAndGet();
        moved++;
      }
      return moved;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void put(Runnable task) {
    admit((StepTask) task);
  }

  @Override
  public boolean offer(Runnable task, long time, TimeUnit unit) {
    return offer(task);
  }

  @Override
  public int remainingCapacity() {
    return Integer.MAX_VALUE;
  }

  /** Under the lock. */
  private boolean isFullFor(StepTask newcomer) {
    return inside.get() - slots >= newcomer.maxWaiting();
  }

  /** Under the lock. */
  private void add(StepTask task) {
    task.recordDepth(Math.max(0, inside.get() + 1 - slots));
    waiting.add(task);
    inside.incrementAndGet();
    notEmpty.signal();
  }

  /** Removes a waiting task, which still counts as inside. Under the lock. */
  private void removeWaiting(StepTask task) {
    boolean unused = waiting.remove(task);
  }

  /**
   * The result of {@link #offerDroppingOldest}.
   *
   * @param queued whether the new step was queued
   * @param dropped the task that was dropped for it, null if none was
   */
  record Displacement(boolean queued, @Nullable StepTask dropped) {}
}
