package io.beamline.worker.block.fs;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the file threads that run an abandoned operation, in all and of one root. Thread-safe.
 *
 * @param inAll the count of all roots
 * @param ofRoot the count of one of them
 */
record StuckThreads(AtomicInteger inAll, AtomicInteger ofRoot) {

  void increment() {
    inAll.incrementAndGet();
    ofRoot.incrementAndGet();
  }

  void decrement() {
    inAll.decrementAndGet();
    ofRoot.decrementAndGet();
  }
}
