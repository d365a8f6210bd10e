package io.beamline.worker.queue;

/** How many assignments the intake may request. Used by the thread of the intake. */
public interface PullRoom {

  /**
   * Returns how many assignments may be requested now.
   *
   * @param nowNanos the time on the monotonic clock
   */
  PullLimit limit(long nowNanos);
}
