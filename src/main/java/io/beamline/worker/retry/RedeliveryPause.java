package io.beamline.worker.retry;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long an assignment waits that was delivered again and again. Each delivery may have ended
 * with the death of its worker, and one assignment among those that died together may be what
 * killed it: chance parts them, so that the others end before it strikes again. Contract section 7.
 * Immutable; thread-safe if its source of chance is.
 */
public final class RedeliveryPause {

  /** A crash and a restart for a new version are nothing to be suspicious of. */
  private static final long FIRST_SUSPECT = 4;

  private static final Duration STEP = Duration.ofSeconds(1);
  private static final long MOST_STEPS = 5;

  private final DoubleSupplier random;

  /**
   * A policy.
   *
   * @param random numbers from 0, inclusive, to 1, exclusive
   */
  public RedeliveryPause(DoubleSupplier random) {
    this.random = random;
  }

  /**
   * The wait before the first attempt.
   *
   * @param deliveries how often the assignment was delivered, 1 for the first time
   * @return not negative, at most 5 s; zero for one that was delivered at most three times
   */
  public Duration before(long deliveries) {
    long steps = Math.clamp(deliveries - FIRST_SUSPECT + 1, 0, MOST_STEPS);
    return Duration.ofNanos((long) (steps * STEP.toNanos() * random.getAsDouble()));
  }
}
