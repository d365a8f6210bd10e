package io.beamline.worker.support;

import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that only moves when it is told to, or when somebody sleeps by it. Thread-safe. */
public final class FakeTime implements TimeSource {

  private static final long EPOCH_MILLIS = 1_800_000_000_000L;

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong wallClockMillis = new AtomicLong(EPOCH_MILLIS);

  /** Lets time pass. */
  public void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** Sets the wall clock forward, or back; no time passes. */
  public void jumpWallClock(Duration time) {
    wallClockMillis.addAndGet(time.toMillis());
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public long epochMillis() {
    return wallClockMillis.get() + Duration.ofNanos(nanos.get()).toMillis();
  }

  @Override
  public void sleep(Duration time) {
    advance(time);
  }
}
