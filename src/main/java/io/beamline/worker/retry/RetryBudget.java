package io.beamline.worker.retry;

import io.beamline.worker.timeout.Deadline;
import java.time.Duration;

/**
 * The time that all attempts and the waits between them may take (W3-1.4). Immutable.
 *
 * @param size the whole budget
 * @param end when it is used up
 */
public record RetryBudget(Duration size, Deadline end) {

  /** The budget that begins with the first attempt. */
  public static RetryBudget from(long firstStartNanos, Duration size) {
    return new RetryBudget(size, Deadline.after(firstStartNanos, size));
  }

  /** Whether a wait that begins now leaves time for another attempt. */
  public boolean allows(Duration wait, long nowNanos) {
    return end.remainingNanos(nowNanos) > wait.toNanos();
  }
}
