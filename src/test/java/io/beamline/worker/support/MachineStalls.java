package io.beamline.worker.support;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches how long the machine keeps a thread waiting that wants to run. A test that asserts an
 * upper bound of a time adds what the machine itself took, so that the bound stays the contract's
 * and a busy machine does not break it. Thread-safe.
 *
 * <pre>{@code
 * try (MachineStalls stalls = MachineStalls.watch()) {
 *   …
 *   assertThat(elapsedMs).isBetween(deadline, deadline + 100 + stalls.longestMs());
 * }
 * }</pre>
 */
public final class MachineStalls implements AutoCloseable {

  private static final long NAP_NANOS = 1_000_000;

  private final Thread watcher;
  private volatile long longestNanos;
  private volatile boolean closed;

  private MachineStalls() {
    watcher = Thread.ofPlatform().daemon().name("machine-stalls").start(this::watchOn);
  }

  /** Watches from now on. */
  public static MachineStalls watch() {
    return new MachineStalls();
  }

  /** The longest stall since the watch began. */
  public Duration longest() {
    return Duration.ofNanos(longestNanos);
  }

  /** The longest stall since the watch began, in ms, rounded up. */
  public long longestMs() {
    return TimeUnit.NANOSECONDS.toMillis(longestNanos + 999_999);
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(watcher);
  }

  private void watchOn() {
    while (!closed) {
      long before = System.nanoTime();
      LockSupport.parkNanos(NAP_NANOS);
      longestNanos = Math.max(longestNanos, System.nanoTime() - before - NAP_NANOS);
    }
  }
}
