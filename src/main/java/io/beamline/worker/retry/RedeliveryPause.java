package io.beamline.worker.retry;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * The pause before the first attempt of a suspect, an assignment that was delivered many times
 * (contract section 6). An assignment that kills its worker causes redeliveries of all assignments
 * that ran beside it. Random pauses separate them, so that the harmless ones can end before the
 * next crash. Immutable; thread-safe if its random source is.
 */
public final class RedeliveryPause {

  /**
   * The delivery from which on an assignment is a suspect. A few redeliveries are normal: one crash
   * and one restart for a new version.
   */
  public static final long FIRST_SUSPECT = 4;

  private static final Duration STEP = Duration.ofSeconds(1);
  private static final long MAX_STEPS = 5;

  private final DoubleSupplier random;

  /**
   * Creates a policy.
   *
   * @param random supplies numbers from 0, inclusive, to 1, exclusive
   */
  public RedeliveryPause(DoubleSupplier random) {
    this.random = random;
  }

  /**
   * Returns the pause before the first attempt.
   *
   * @param deliveries the number of deliveries of the assignment, 1 or more
   * @return from zero to 5 s; zero for at most three deliveries
   */
  public Duration before(long deliveries) {
    long steps = Math.clamp(deliveries - FIRST_SUSPECT + 1, 0, MAX_STEPS);
    return Duration.ofNanos((long) (steps * STEP.toNanos() * random.getAsDouble()));
  }
}
