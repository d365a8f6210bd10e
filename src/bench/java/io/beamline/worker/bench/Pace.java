package io.beamline.worker.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/** Does things at a steady rate; what is late is made up for at once. */
final class Pace {

  private Pace() {}

  /** Does so many things, numbered from 0, on this thread. */
  static void keep(int count, int perSecond, IntConsumer each) {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long due = start + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      each.accept(i);
    }
  }
}
