package io.beamline.worker.queue;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a pool. It counts the steps inside the pool, waiting or running, and takes a
 * newcomer only while those beyond the slots are fewer than the newcomer's own limit: so the number
 * of steps that wait is exact under concurrency, and each submission sees the flag as it was then
 * (W3-4.1). Steps that were accepted before come in regardless. Each task is told the depth that
 * decided about it. Thread-safe.
 */
final class AdmissionQueue extends LinkedBlockingQueue<Runnable> {

  private final int slots;
  private final AtomicInteger inside = new AtomicInteger();

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
    int now = inside.get();
    while (now - slots < task.maxWaiting()) {
      if (inside.compareAndSet(now, now + 1)) {
        task.sees(beyondSlots(now + 1));
        return super.offer(task);
      }
      now = inside.get();
    }
    task.sees(beyondSlots(now));
    return false;
  }

  /** Takes a step that was accepted before. */
  void admit(StepTask task) {
    task.sees(beyondSlots(inside.incrementAndGet()));
    super.offer(task);
  }

  /**
   * Puts a newcomer in the place of the step that has waited longest of those that came under queue
   * management, and gives that one; null when none waits, and nothing has changed. What waited when
   * it was turned on stays.
   */
  @Nullable StepTask replaceOldest(StepTask newcomer) {
    for (Runnable waiting : this) {
      StepTask task = (StepTask) waiting;
      if (mayGiveWay(task) && remove(task)) {
        newcomer.sees(depth());
        super.offer(newcomer);
        return task;
      }
    }
    return null;
  }

  /** Whether steps wait, and a newcomer may replace none of them; seen in one look at the queue. */
  boolean holdsOnlyWhatStays() {
    boolean anyWaits = false;
    for (Runnable waiting : this) {
      if (mayGiveWay(waiting)) {
        return false;
      }
      anyWaits = true;
    }
    return anyWaits;
  }

  /** A step has left the pool. */
  void left() {
    inside.decrementAndGet();
  }

  /** Steps inside the pool, waiting or running. */
  int inside() {
    return inside.get();
  }

  /** Steps that wait for a slot; one that a free slot is just about to take does not count. */
  int depth() {
    return beyondSlots(inside.get());
  }

  private static boolean mayGiveWay(Runnable task) {
    return ((StepTask) task).step().queueTicket() != null;
  }

  private int beyondSlots(int count) {
    return Math.max(0, count - slots);
  }
}
