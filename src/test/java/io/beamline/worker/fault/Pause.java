package io.beamline.worker.fault;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Time that passes because a fault lasts so long; nothing is waited for. */
final class Pause {

  private Pause() {}

  static void of(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
