package io.beamline.worker.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The tallies of the last sixty minutes, one for each; by the monotonic clock. Thread-safe. */
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

  /** The tallies of this minute; those of a later one when the caller was late. */
  Tallies now(long nowNanos) {
    long minute = minute(nowNanos);
    int place = (int) (minute % MINUTES);
    Slot slot = slots.get(place);
    while (slot == null || slot.minute < minute) {
      Slot fresh = new Slot(minute, new Tallies(types));
      slot = slots.compareAndSet(place, slot, fresh) ? fresh : slots.get(place);
    }
    return slot.tallies;
  }

  /** The tallies of this minute and the 59 before it. */
  List<Tallies> all(long nowNanos) {
    long oldest = minute(nowNanos) - MINUTES + 1;
    List<Tallies> all = new ArrayList<>();
    for (int place = 0; place < MINUTES; place++) {
      Slot slot = slots.get(place);
      if (slot != null && slot.minute >= oldest) {
        all.add(slot.tallies);
      }
    }
    return all;
  }

  private long minute(long nowNanos) {
    return Math.max(0, nowNanos - startNanos) / MINUTE_NANOS;
  }

  private record Slot(long minute, Tallies tallies) {}
}
