package io.beamline.worker.security;

import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts attempts per key in windows that begin with a key's first attempt, and says when there
 * were too many. Heals by itself when the window ends. Remembers the keys used last only. Thread-
 * safe.
 */
final class AttemptCounter {

  private final TimeSource time;
  private final int limit;
  private final long windowNanos;
  private final Map<String, CountingWindow> windows;

  /**
   * A counter.
   *
   * @param limit attempts of one key per window
   * @param keys how many keys are remembered
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

  /** Counts an attempt: zero when it may go on, otherwise how long the key must wait. */
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

  /** Keys remembered; for tests. */
  synchronized int size() {
    return windows.size();
  }

  /** From the key used least recently on, as far as they have ended. */
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
