package io.beamline.worker.destination;

import java.time.Duration;
import java.util.Arrays;

/**
 * Counts the attempts of one destination in the last 10 s, and allows retries in proportion to them
 * (W3-5.2). Not thread-safe: the destination's lock guards it.
 */
final class RetryAllowance {

  /** The time that counts. */
  static final Duration PERIOD = Duration.ofSeconds(10);

  private static final int SECONDS = (int) PERIOD.toSeconds();
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

  private final int percent;
  private final int minimum;
  private final int[] firsts = new int[SECONDS];
  private final int[] retries = new int[SECONDS];
  private final long[] slowestNanos = new long[SECONDS];
  private long second = Long.MIN_VALUE;

  /**
   * Creates an allowance.
   *
   * @param percent the retries in percent of the first attempts
   * @param minimum the retries that are always allowed
   */
  RetryAllowance(int percent, int minimum) {
    this.percent = percent;
    this.minimum = minimum;
  }

  /** Counts a first attempt that starts. */
  void firstAttempt(long nowNanos) {
    firsts[slot(nowNanos)]++;
  }

  /** Counts a retry, if one more is allowed. */
  boolean retry(long nowNanos) {
    int slot = slot(nowNanos);
    long allowed = Math.max(minimum, (long) sum(firsts) * percent / 100);
    if (sum(retries) >= allowed) {
      return false;
    }
    retries[slot]++;
    return true;
  }

  /** Takes back a retry that was counted in the last second and is not made. */
  void retryNotMade(long nowNanos) {
    int slot = slot(nowNanos);
    retries[slot] = Math.max(0, retries[slot] - 1);
  }

  /** Records how long an attempt took. */
  void ended(long tookNanos, long nowNanos) {
    int slot = slot(nowNanos);
    slowestNanos[slot] = Math.max(slowestNanos[slot], tookNanos);
  }

  /** Returns the number of attempts of the last 10 s, retries included when they were allowed. */
  int attempts(long nowNanos) {
    slot(nowNanos);
    return sum(firsts) + sum(retries);
  }

  /** Returns how long the slowest attempt took that ended in the last 10 s; zero if none did. */
  Duration slowest(long nowNanos) {
    slot(nowNanos);
    return Duration.ofNanos(Arrays.stream(slowestNanos).max().orElse(0));
  }

  /** Returns the slot of this second, after it has cleared those that are too old. */
  private int slot(long nowNanos) {
    long now = Math.floorDiv(nowNanos, SECOND_NANOS);
    if (second == Long.MIN_VALUE || now - second >= SECONDS) {
      Arrays.fill(firsts, 0);
      Arrays.fill(retries, 0);
      Arrays.fill(slowestNanos, 0);
      second = now;
    }
    for (; second < now; second++) {
      int next = Math.floorMod(second + 1, SECONDS);
      firsts[next] = 0;
      retries[next] = 0;
      slowestNanos[next] = 0;
    }
    return Math.floorMod(now, SECONDS);
  }

  private static int sum(int[] counts) {
    int sum = 0;
    for (int count : counts) {
      sum += count;
    }
    return sum;
  }
}
