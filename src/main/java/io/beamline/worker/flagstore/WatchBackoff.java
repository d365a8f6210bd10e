package io.beamline.worker.flagstore;

/**
 * Counts how many polls are skipped after a watch has failed to start: 1, 2, 4 and so on up to 60.
 * Each failed watch leaves a thread of the NATS client behind, so it is not retried at each poll.
 * Not thread-safe.
 */
final class WatchBackoff {

  private static final int MAX_SKIPPED = 60;

  private int next = 1;
  private int remaining;

  /** Counts one poll. Returns whether it is to be skipped. */
  boolean skips() {
    if (remaining == 0) {
      return false;
    }
    remaining--;
    return true;
  }

  /** Records that a watch has failed to start. */
  void failed() {
    remaining = next;
    next = Math.min(MAX_SKIPPED, 2 * next);
  }

  /** Records that a watch has started. */
  void succeeded() {
    remaining = 0;
    next = 1;
  }
}
