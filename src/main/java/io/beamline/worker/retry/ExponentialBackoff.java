package io.beamline.worker.retry;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Delays that grow by a factor up to a maximum, with jitter (W3-1.1). Immutable.
 *
 * @param base the delay before the first retry, more than zero
 * @param multiplier the growth factor, 1.0 or more
 * @param max the longest delay; a longer base is cut to it
 * @param jitter how delays vary
 * @param random supplies numbers from 0.0 to 1.0
 */
public record ExponentialBackoff(
    Duration base, double multiplier, Duration max, Jitter jitter, DoubleSupplier random)
    implements Backoff {

  /** Returns the same backoff with another base. */
  public ExponentialBackoff withBase(Duration other) {
    return new ExponentialBackoff(other, multiplier, max, jitter, random);
  }

  @Override
  public Duration delayBefore(int retry) {
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
