package io.beamline.worker.destination;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Somebody who asks for a permit. A destination calls it while a lock is held. */
public interface Applicant {

  /** Returns whether its next attempt is its first. */
  boolean isFirstAttempt();

  /**
   * Returns whether it would wait for the breaker.
   *
   * @param untilTrial the time until the destination is tried; null if nobody knows
   */
  boolean waitsForBreaker(@Nullable Duration untilTrial);
}
