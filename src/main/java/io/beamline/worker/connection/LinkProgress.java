package io.beamline.worker.connection;

import io.beamline.worker.timeout.TimeSource;
import io.nats.client.impl.NatsStatistics;
import java.time.Duration;

/**
 * Records when bytes last moved over one connection. So a slow link is not taken for a dead one.
 * The client's reader and writer report through {@link LinkDataPort}; another thread reads {@link
 * #idleTime}. Safe for them because its own state is one volatile time.
 */
final class LinkProgress extends NatsStatistics {

  /**
   * A write that took at least this long was blocked until the server read something. A faster
   * write may only have filled a buffer, which also works for a while on a dead link.
   */
  private static final Duration BLOCKED_WRITE = Duration.ofMillis(50);

  private final TimeSource time;
  private volatile long lastMovedNanos;

  LinkProgress(TimeSource time) {
    this.time = time;
    this.lastMovedNanos = time.nanos();
  }

  /** Records that bytes have arrived. */
  void recordRead() {
    lastMovedNanos = time.nanos();
  }

  /** Returns the monotonic time at which a write starts, in nanoseconds. */
  long writeStart() {
    return time.nanos();
  }

  /**
   * Records that a write has returned.
   *
   * @param startNanos the result of {@link #writeStart} before the write
   */
  void recordWrite(long startNanos) {
    long now = time.nanos();
    if (now - startNanos >= BLOCKED_WRITE.toNanos()) {
      lastMovedNanos = now;
    }
  }

  /** Returns the time since bytes last moved. */
  Duration idleTime() {
    return Duration.ofNanos(time.nanos() - lastMovedNanos);
  }
}
