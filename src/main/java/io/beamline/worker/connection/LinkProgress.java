package io.beamline.worker.connection;

import io.beamline.worker.timeout.TimeSource;
import io.nats.client.impl.NatsStatistics;
import java.time.Duration;

/**
 * Records when bytes last moved over one connection, so that a slow link is not taken for a dead
 * one. {@link LinkDataPort} reports to it. Thread-safe.
 */
final class LinkProgress extends NatsStatistics {

  /**
   * A write that took at least this long had to wait until the other side had taken something. One
   * that returned at once only filled a buffer, which a dead link allows for a while.
   */
  private static final Duration WAITED = Duration.ofMillis(50);

  private final TimeSource time;
  private volatile long movedNanos;

  LinkProgress(TimeSource time) {
    this.time = time;
    this.movedNanos = time.nanos();
  }

  /** Bytes have arrived. */
  void moved() {
    movedNanos = time.nanos();
  }

  /** The monotonic time at which a write begins. */
  long writeBegins() {
    return time.nanos();
  }

  /**
   * A write has returned.
   *
   * @param beganNanos what {@link #writeBegins} gave
   */
  void written(long beganNanos) {
    long now = time.nanos();
    if (now - beganNanos >= WAITED.toNanos()) {
      movedNanos = now;
    }
  }

  /** How long nothing has moved. */
  Duration stillFor() {
    return Duration.ofNanos(time.nanos() - movedNanos);
  }
}
