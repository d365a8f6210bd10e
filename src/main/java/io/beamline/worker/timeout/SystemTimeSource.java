package io.beamline.worker.timeout;

import java.time.Duration;

/** Reads the clocks of the machine. No other class does. */
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
