package io.beamline.worker.queue;

import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Reports each change of a pool's overload status once, even if several threads detect it (W3-4.2).
 * {@link OverloadScale#after} defines a change. With queue management off it reports nothing and
 * resets the status. Thread-safe.
 */
final class OverloadWatch {

  private final OverloadScale scale;
  private final BooleanSupplier managed;
  private final OverloadListener listener;
  private volatile OverloadStatus reported = OverloadStatus.HEALTHY;

  OverloadWatch(OverloadScale scale, BooleanSupplier managed, OverloadListener listener) {
    this.scale = scale;
    this.managed = managed;
    this.listener = listener;
  }

  /**
   * Checks the status. Call it after each change of the depth. It takes a lock only if the status
   * has changed.
   */
  void check(IntSupplier depth) {
    if (statusAt(depth.getAsInt()) != reported) {
      report(depth);
    }
  }

  /** Repeats until a check finds no change, because the depth may change meanwhile. */
  private synchronized void report(IntSupplier depth) {
    int now = depth.getAsInt();
    OverloadStatus status = statusAt(now);
    while (status != reported) {
      OverloadStatus before = reported;
      reported = status;
      if (managed.getAsBoolean()) {
        listener.changed(before, status, now);
      }
      now = depth.getAsInt();
      status = statusAt(now);
    }
  }

  private OverloadStatus statusAt(int depth) {
    return managed.getAsBoolean() ? scale.after(reported, depth) : OverloadStatus.HEALTHY;
  }

  /** Receives the changes, one at a time and in their order. */
  interface OverloadListener {

    /** Called when the status has changed at this depth. */
    void changed(OverloadStatus before, OverloadStatus after, int depth);
  }
}
