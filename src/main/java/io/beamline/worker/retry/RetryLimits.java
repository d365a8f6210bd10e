package io.beamline.worker.retry;

import io.beamline.worker.timeout.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one step's attempts, from its assignment or the settings. Immutable.
 *
 * @param maxAttempts the most attempts, including the first; 1 or more
 * @param attemptsFromAssignment whether the assignment names them, so that no setting changes them
 * @param baseDelay the assignment's delay before the first retry, null if it has none
 * @param total the time for all attempts and the delays between them
 * @param deadline when the whole step must have ended; never passes if complete timeout is off
 */
public record RetryLimits(
    int maxAttempts,
    boolean attemptsFromAssignment,
    @Nullable Duration baseDelay,
    Duration total,
    Deadline deadline) {

  /**
   * Returns when the budget of advanced retry ends (W3-1.4). That is the deadline if the step has
   * one, else the total time after the start of the first attempt.
   *
   * @param firstStartNanos when the first attempt started, on the monotonic clock
   */
  public Deadline budgetEnd(long firstStartNanos) {
    return deadline.bounded() ? deadline : Deadline.after(firstStartNanos, total);
  }
}
