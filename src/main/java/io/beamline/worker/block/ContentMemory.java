package io.beamline.worker.block;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * The memory for large contents that steps read, bounded in sum: whoever finds too little waits, in
 * the order of arrival, until others are done. Thread-safe.
 *
 * <p>A step holds its {@link Share} from the reading until its result is written, because the
 * content lives that long.
 */
public final class ContentMemory {

  /** Of the heap; unpublished results and known answers take up to a quarter of it each. */
  private static final int HEAP_PART = 8;

  /** What one step may take if it is the only one, in multiples of what all may take. */
  private static final int ALONE = 2;

  private static final int UNIT_BYTES = 1_024;

  private final int total;
  private final Semaphore free;

  /**
   * A memory.
   *
   * @param bytes what all steps may take together; at least 1 KB
   */
  public ContentMemory(long bytes) {
    total = Math.clamp(bytes / UNIT_BYTES, 1, Integer.MAX_VALUE);
    free = new Semaphore(total, true);
  }

  /** The memory of this process: an eighth of the heap. */
  static ContentMemory ofThisProcess() {
    return new ContentMemory(Runtime.getRuntime().maxMemory() / HEAP_PART);
  }

  /** The bytes that are free, to the next lower KB. */
  public long freeBytes() {
    return (long) free.availablePermits() * UNIT_BYTES;
  }

  /** A share for one step, without any memory yet. The caller closes it. */
  public Share share() {
    return new Share();
  }

  /** A step that takes more than there is takes all. */
  private int units(long bytes) {
    return (int) Math.min(total, Math.ceilDiv(bytes, UNIT_BYTES));
  }

  /**
   * What one step holds of the memory. It is given back when everybody who has {@link #join}ed it,
   * and the one who made it, has closed it: a caller that gives up must not give back what its file
   * thread still fills.
   */
  public final class Share implements AutoCloseable {

    private int users = 1;
    private int held;
    private int wanted;

    private Share() {}

    /** The most bytes that one step may take, with all others waiting. */
    public long mostBytes() {
      return (long) total * UNIT_BYTES * ALONE;
    }

    /**
     * Adds a user, who has to close the share as well.
     *
     * @return false when the share has been given back already
     */
    public synchronized boolean join() {
      if (users == 0) {
        return false;
      }
      users++;
      return true;
    }

    /**
     * Takes so much memory in all, without waiting.
     *
     * @param bytes what the step needs, including what the share holds
     * @return false when there is too little: then the share holds nothing, and {@link #await}
     *     waits for it
     */
    public synchronized boolean take(long bytes) {
      int needed = units(bytes);
      int missing = needed - held;
      if (missing <= 0 || (!free.hasQueuedThreads() && free.tryAcquire(missing))) {
        held = Math.max(held, needed);
        return true;
      }
      // Whoever waits holds nothing, so that no two wait for each other.
      giveBack();
      wanted = needed;
      return false;
    }

    /**
     * Waits for what {@link #take} found too little of. Nobody else may use the share meanwhile.
     *
     * @return whether the share holds it now; false when the time passed before
     */
    public boolean await(Duration time) throws InterruptedException {
      int needed = wanted();
      boolean taken = free.tryAcquire(needed, time.toNanos(), NANOSECONDS);
      if (taken) {
        hold(needed);
      }
      return taken;
    }

    @Override
    public synchronized void close() {
      users--;
      if (users == 0) {
        giveBack();
      }
    }

    private synchronized int wanted() {
      return wanted;
    }

    private synchronized void hold(int units) {
      held = units;
    }

    private void giveBack() {
      free.release(held);
      held = 0;
    }
  }
}
