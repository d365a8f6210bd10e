package io.beamline.worker.queue;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * The queue of a pool, whose bound can change at any moment (W3-4.1). It counts the steps inside
 * the pool, waiting or running, and takes a newcomer only while they are fewer than the bound: so
 * the number of steps that wait is exact under concurrency. Steps that were accepted before come in
 * regardless. Thread-safe.
 */
final class AdmissionQueue extends LinkedBlockingQueue<Runnable> {

  private final IntSupplier bound;
  private final AtomicInteger inside = new AtomicInteger();

  /**
   * A queue.
   *
   * @param bound the most steps that may be inside the pool, read at each submission
   */
  AdmissionQueue(IntSupplier bound) {
    this.bound = bound;
  }

  /** Takes a newcomer if there is room. */
  @Override
  public boolean offer(Runnable task) {
    int most = bound.getAsInt();
    int now = inside.get();
    while (now < most) {
      if (inside.compareAndSet(now, now + 1)) {
        return super.offer(task);
      }
      now = inside.get();
    }
    return false;
  }

  /** Takes a step that was accepted before. */
  void admit(Runnable task) {
    inside.incrementAndGet();
    super.offer(task);
  }

  /** A step has left the pool. */
  void left() {
    inside.decrementAndGet();
  }

  /** Steps inside the pool, waiting or running. */
  int inside() {
    return inside.get();
  }
}
