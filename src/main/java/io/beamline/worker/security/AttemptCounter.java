package io.beamline.worker.security;

import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits attempts per key and window. A window begins with the first attempt of its key; when it
 * ends, the key may try again. Only the most recently used keys are remembered. Thread-safe.
 */
final class AttemptCounter {

  private final TimeSource time;
  private final int limit;
  private final long windowNanos;
  private final Map<String, CountingWindow> windows;

  /**
   * Creates a counter.
   *
   * @param limit maximum number of attempts of one key per window
   * @param keys maximum number of remembered keys
   */
  AttemptCounter(TimeSource time, int limit, Duration window, int keys) {
    this.time = time;
    this.limit = limit;
    this.windowNanos = window.toNanos();
    this.windows =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, CountingWindow> eldest) {
            return size() > keys;
          }
        };
  }

  /** Attempts since a point in time. */
  private record CountingWindow(long startNanos, int attempts) {}

  /** Counts an attempt. Returns zero if it is allowed, or else how long the key must wait. */
  synchronized Duration attempt(String key) {
    long now = time.nanos();
    dropEnded(now);
    CountingWindow window = windows.get(key);
    if (window == null || hasEnded(window, now)) {
      window = new CountingWindow(now, 0);
    }
    if (window.attempts >= limit) {
      return Duration.ofNanos(windowNanos - (now - window.startNanos));
    }
    windows.put(key, new CountingWindow(window.startNanos, window.attempts + 1));
    return Duration.ZERO;
  }

  /** Returns the number of remembered keys; for tests. */
  synchronized int size() {
    return windows.size();
  }

  /**
   * Drops ended windows from the least recently used key on, up to the first that has not ended.
   */
  private void dropEnded(long now) {
    Iterator<CountingWindow> eldest = windows.values().iterator();
    while (eldest.hasNext() && hasEnded(eldest.next(), now)) {
      eldest.remove();
    }
  }

  private boolean hasEnded(CountingWindow window, long now) {
    return now - window.startNanos >= windowNanos;
  }

  /** Forgets the attempts of a key. */
  synchronized void forget(String key) {
    windows.remove(key);
  }
}
