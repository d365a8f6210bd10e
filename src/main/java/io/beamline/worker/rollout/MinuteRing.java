package io.beamline.worker.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one set of counters for each of the last sixty minutes of the monotonic clock. Thread-safe:
 * the first thread in a minute replaces the oldest counters by compare-and-set.
 */
final class MinuteRing {

  static final int MINUTES = 60;

  private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

  private final AtomicReferenceArray<@Nullable Slot> slots = new AtomicReferenceArray<>(MINUTES);
  private final int types;
  private final long startNanos;

  MinuteRing(int types, long startNanos) {
    this.types = types;
    this.startNanos = startNanos;
  }

  /** Returns the counters of this minute, or those of a later one if another thread is ahead. */
  Counters now(long nowNanos) {
    long minute = minute(nowNanos);
    int place = (int) (minute % MINUTES);
    Slot slot = slots.get(place);
    while (slot == null || slot.minute < minute) {
      Slot fresh = new Slot(minute, new Counters(types));
      slot = slots.compareAndSet(place, slot, fresh) ? fresh : slots.get(place);
    }
    return slot.counters;
  }

  /** Returns the counters of this minute and of the 59 before it, in no order. */
  List<Counters> all(long nowNanos) {
    long oldest = minute(nowNanos) - MINUTES + 1;
    List<Counters> all = new ArrayList<>();
    for (int place = 0; place < MINUTES; place++) {
      Slot slot = slots.get(place);
      if (slot != null && slot.minute >= oldest) {
        all.add(slot.counters);
      }
    }
    return all;
  }

  private long minute(long nowNanos) {
    return Math.max(0, nowNanos - startNanos) / MINUTE_NANOS;
  }

  private record Slot(long minute, Counters counters) {}
}
