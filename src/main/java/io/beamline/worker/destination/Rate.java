package io.beamline.worker.destination;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;

/**
 * The limit of attempts a second for one destination, on the rate limiter of Resilience4j. The
 * attempts are spread over the second. Not thread-safe: the destination's lock guards it.
 */
final class Rate {

  /** The shortest time after which there are new permissions. */
  private static final int PERIODS_A_SECOND = 100;

  private final RateLimiter limiter;
  private final Duration period;

  /**
   * Creates a limit.
   *
   * @param aSecond the attempts a second, 1 or more
   */
  Rate(String name, int aSecond) {
    int together = Math.ceilDiv(aSecond, PERIODS_A_SECOND);
    period = Duration.ofSeconds(together).dividedBy(aSecond);
    limiter =
        RateLimiter.of(
            name,
            RateLimiterConfig.custom()
                .limitForPeriod(together)
                .limitRefreshPeriod(period)
                .timeoutDuration(Duration.ZERO)
                .build());
  }

  /** Takes a permission, if there is one now. */
  boolean tryPermission() {
    return limiter.acquirePermission();
  }

  /** Returns after which time there is a permission at the latest, if nobody else takes it. */
  Duration period() {
    return period;
  }
}
