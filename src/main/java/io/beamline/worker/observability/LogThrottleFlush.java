package io.beamline.worker.observability;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Flushes a throttle now and then, and when it is closed. */
final class LogThrottleFlush implements AutoCloseable {

  private final LogThrottle throttle;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("log-throttle").factory());
  private final ScheduledFuture<?> flushing;

  LogThrottleFlush(LogThrottle throttle, Duration interval) {
    this.throttle = throttle;
    long millis = interval.toMillis();
    this.flushing =
        timer.scheduleWithFixedDelay(throttle::flush, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Says what was left out last, and stops. */
  @Override
  public void close() {
    flushing.cancel(false);
    timer.shutdown();
    throttle.flush();
  }
}
