package io.beamline.worker.timeout;

import java.time.Duration;

/** The machine's clocks: the one class that calls them. */
enum SystemTimeSource implements TimeSource {
  INSTANCE;

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public long epochMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }
}
