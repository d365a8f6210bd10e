package io.beamline.worker.support;

import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that only moves when it is told to, or when somebody sleeps by it. Thread-safe. */
public final class FakeTime implements TimeSource {

  private static final long EPOCH_MILLIS = 1_800_000_000_000L;

  private final AtomicLong nanos = new AtomicLong();

  /** Lets time pass. */
  public void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public long epochMillis() {
    return EPOCH_MILLIS + Duration.ofNanos(nanos.get()).toMillis();
  }

  @Override
  public void sleep(Duration time) {
    advance(time);
  }
}
