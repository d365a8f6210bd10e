package io.beamline.worker.queue;

import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Tells each change of a pool's overload status once, however many threads see it (W3-4.2). What
 * counts as a change says {@link OverloadScale#after}. With queue management off it forgets, and
 * tells nothing. Thread-safe.
 */
final class OverloadWatch {

  private final OverloadScale scale;
  private final BooleanSupplier managed;
  private final Listener listener;
  private volatile OverloadStatus told = OverloadStatus.HEALTHY;

  OverloadWatch(OverloadScale scale, BooleanSupplier managed, Listener listener) {
    this.scale = scale;
    this.managed = managed;
    this.listener = listener;
  }

  /** Looks at the depth, to be called after each change of it; takes a lock only at a change. */
  void look(IntSupplier depth) {
    if (due(depth.getAsInt()) != told) {
      tell(depth);
    }
  }

  /** Looks until the last look saw no change: another thread's look may have been too early. */
  private synchronized void tell(IntSupplier depth) {
    int now = depth.getAsInt();
    OverloadStatus status = due(now);
    while (status != told) {
      OverloadStatus before = told;
      told = status;
      if (managed.getAsBoolean()) {
        listener.changed(before, status, now);
      }
      now = depth.getAsInt();
      status = due(now);
    }
  }

  private OverloadStatus due(int depth) {
    return managed.getAsBoolean() ? scale.after(told, depth) : OverloadStatus.HEALTHY;
  }

  /** Hears of changes, one at a time and in their order. */
  interface Listener {

    /** The status has changed, at this depth. */
    void changed(OverloadStatus before, OverloadStatus after, int depth);
  }
}
