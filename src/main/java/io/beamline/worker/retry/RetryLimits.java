package io.beamline.worker.retry;

import io.beamline.worker.timeout.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What bounds the attempts of one step, as its assignment or the settings say. Immutable.
 *
 * @param maxAttempts attempts in all, the first included; 1 or more
 * @param baseDelay the wait before the first retry that the assignment asks for, null when it does
 *     not
 * @param total the time that all attempts and the waits between them may take
 * @param deadline when the whole step must end (complete timeout); never when that is off
 */
public record RetryLimits(
    int maxAttempts, @Nullable Duration baseDelay, Duration total, Deadline deadline) {

  /**
   * When the retry budget of advanced retry is used up (W3-1.4): at the deadline where the step has
   * one, else the total time after the start of the first attempt.
   *
   * @param firstStartNanos when the first attempt started, on the monotonic clock
   */
  public Deadline budgetEnd(long firstStartNanos) {
    return deadline.bounded() ? deadline : Deadline.after(firstStartNanos, total);
  }
}
