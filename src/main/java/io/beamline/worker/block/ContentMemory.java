package io.beamline.worker.block;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.beamline.worker.config.HeapShare;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Limits the memory that large contents take in all steps together. A step that finds too little
 * waits, in the order of arrival, until others have released theirs. Thread-safe.
 *
 * <p>A step holds its {@link Reservation} until its result is written, because the content stays in
 * memory that long.
 */
public final class ContentMemory {

  /** A single large content may take twice the memory, while all other steps wait. */
  private static final int SINGLE_STEP_FACTOR = 2;

  private static final int UNIT_BYTES = 1_024;

  private final int total;
  private final Semaphore free;

  /**
   * Creates the limit.
   *
   * @param bytes the most bytes that all steps may reserve together; at least 1 KB
   */
  public ContentMemory(long bytes) {
    total = Math.clamp(bytes / UNIT_BYTES, 1, Integer.MAX_VALUE);
    free = new Semaphore(total, true);
  }

  /** Returns the limit of this process: an eighth of the heap. */
  static ContentMemory ofThisProcess() {
    return new ContentMemory(HeapShare.CONTENT.bytes());
  }

  /** Returns the bytes that are not reserved, rounded down to whole KB. */
  public long freeBytes() {
    return (long) free.availablePermits() * UNIT_BYTES;
  }

  /** Returns an empty reservation for one step. The caller closes it. */
  public Reservation newReservation() {
    return new Reservation();
  }

  /** A reservation larger than the whole memory takes all of it. */
  private int units(long bytes) {
    return (int) Math.min(total, Math.ceilDiv(bytes, UNIT_BYTES));
  }

  /**
   * The memory that one step has reserved. It is released when its creator and every user that
   * {@link #retain}ed it have closed it. So a caller that stops waiting does not release memory
   * that its file thread still fills.
   */
  public final class Reservation implements AutoCloseable {

    private int users = 1;
    private int heldUnits;
    private int wantedUnits;

    private Reservation() {}

    /** Returns the most bytes that one step may use, while all others wait. */
    public long maxBytes() {
      return (long) total * UNIT_BYTES * SINGLE_STEP_FACTOR;
    }

    /**
     * Adds a user, which must close the reservation as well.
     *
     * @return false if the reservation was already released
     */
    public synchronized boolean retain() {
      if (users == 0) {
        return false;
      }
      users++;
      return true;
    }

    /**
     * Enlarges the reservation to a size, without waiting.
     *
     * @param bytes the size that the step needs in all, 0 or more
     * @return false if too little memory is free; then the reservation holds nothing, and {@link
     *     #await} waits for the size
     */
    public synchronized boolean tryReserve(long bytes) {
      int needed = units(bytes);
      int missing = needed - heldUnits;
      if (missing <= 0 || (!free.hasQueuedThreads() && free.tryAcquire(missing))) {
        heldUnits = Math.max(heldUnits, needed);
        return true;
      }
      // A reservation that waits holds nothing, so that no two wait for each other.
      releaseAll();
      wantedUnits = needed;
      return false;
    }

    /**
     * Waits for the size that the last {@link #tryReserve} could not get. No other thread may use
     * the reservation meanwhile.
     *
     * @return true if the reservation has the size now, false if the time passed before
     */
    public boolean await(Duration time) throws InterruptedException {
      int needed = wantedUnits();
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
        releaseAll();
      }
    }

    private synchronized int wantedUnits() {
      return wantedUnits;
    }

    private synchronized void hold(int units) {
      heldUnits = units;
    }

    private void releaseAll() {
      free.release(heldUnits);
      heldUnits = 0;
    }
  }
}
