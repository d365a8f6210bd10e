package io.beamline.worker.retry;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Waits that grow by a factor up to a limit, and may vary (W3-1.1). Immutable.
 *
 * @param base the wait before the first retry, more than zero
 * @param multiplier the growth, 1.0 or more
 * @param max the longest wait; a longer base is cut to it
 * @param jitter how waits vary
 * @param random gives numbers from 0.0 to 1.0
 */
public record ExponentialBackoff(
    Duration base, double multiplier, Duration max, Jitter jitter, DoubleSupplier random)
    implements Backoff {

  /** The same waits from another first one. */
  public ExponentialBackoff withBase(Duration other) {
    return new ExponentialBackoff(other, multiplier, max, jitter, random);
  }

  @Override
  public Duration before(int retry) {
    double wait = base.toNanos() * Math.pow(multiplier, retry - 1.0);
    long nanos = wait < max.toNanos() ? (long) wait : max.toNanos();
    return Duration.ofNanos(vary(nanos));
  }

  private long vary(long nanos) {
    long half = nanos / 2;
    return switch (jitter) {
      case NONE -> nanos;
      case FULL -> (long) (nanos * random.getAsDouble());
      case EQUAL -> half + (long) (half * random.getAsDouble());
    };
  }
}
