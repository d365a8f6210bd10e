package io.beamline.worker.queue;

import java.util.AbstractQueue;
import java.util.Collection;
import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a pool. It counts the steps inside the pool, waiting or running, and takes a
 * newcomer only while those beyond the slots are fewer than the newcomer's own limit: so the number
 * of steps that wait is exact under concurrency, and each submission counts under the flag as it
 * was then (W3-4.1). Steps that were accepted before come in regardless. Each task keeps the depth
 * that decided about it. Adding, taking, removing and dropping a task takes constant time.
 * Thread-safe.
 */
final class AdmissionQueue extends AbstractQueue<Runnable> implements BlockingQueue<Runnable> {

  private final int slots;
  private final AtomicInteger inside = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final WaitingTasks waiting = new WaitingTasks();

  /**
   * A queue.
   *
   * @param slots steps of the pool that run at once
   */
  AdmissionQueue(int slots) {
    this.slots = slots;
  }

  /** Takes a newcomer if there is room. */
  @Override
  public boolean offer(Runnable newcomer) {
    StepTask task = (StepTask) newcomer;
    lock.lock();
    try {
      if (isFullFor(task)) {
        task.decidedAt(depth());
        return false;
      }
      add(task);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a step that was accepted before. */
  void admit(StepTask task) {
    lock.lock();
    try {
      add(task);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a newcomer, if need be in the place of the step that has waited longest of those that
   * came under queue management. What waited when it was turned on stays.
   */
  Displacement offerForOldest(StepTask newcomer) {
    lock.lock();
    try {
      if (!isFullFor(newcomer)) {
        add(newcomer);
        return new Displacement(true, null);
      }
      StepTask oldest = waiting.firstManaged();
      if (oldest == null) {
        newcomer.decidedAt(depth());
        return new Displacement(false, null);
      }
      // Whatever needs memory comes first: a task that is taken out here has no other owner.
      Displacement displacement = new Displacement(true, oldest);
      newcomer.decidedAt(depth());
      take(oldest);
      waiting.add(newcomer);
      notEmpty.signal();
      return displacement;
    } finally {
      lock.unlock();
    }
  }

  /** A step that ran has left the pool. */
  void left() {
    inside.decrementAndGet();
  }

  /** Steps inside the pool, waiting or running. */
  int inside() {
    return inside.get();
  }

  /** Steps that wait for a slot; one that a free slot is just about to take does not count. */
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
          take(first);
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
        take(first);
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

  /** Takes a task out that waits; it is no longer inside then. */
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

  /** The tasks that wait now; what comes or goes later does not change them. */
  @Override
  public Iterator<Runnable> iterator() {
    lock.lock();
    try {
      return waiting.copy().iterator();
    } finally {
      lock.unlock();
    }
  }

  /** Moves all tasks that wait into a collection; they are no longer inside then. */
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
        take(first);
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
    task.decidedAt(Math.max(0, inside.get() + 1 - slots));
    waiting.add(task);
    inside.incrementAndGet();
    notEmpty.signal();
  }

  /** Under the lock. */
  private void take(StepTask task) {
    boolean unused = waiting.remove(task);
  }

  /**
   * What became of a newcomer.
   *
   * @param admitted whether it waits now
   * @param dropped the task that has given way, null when none has
   */
  record Displacement(boolean admitted, @Nullable StepTask dropped) {}
}
