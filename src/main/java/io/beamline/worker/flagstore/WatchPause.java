package io.beamline.worker.flagstore;

/**
 * Looks that are left out after a watch could not begin: 1, 2, 4 and so on up to 60. The client
 * leaves a thread behind for each watch that fails. Not thread-safe.
 */
final class WatchPause {

  private static final int LONGEST = 60;

  private int next = 1;
  private int left;

  /** Whether this look is one to leave out. */
  boolean leavesOut() {
    if (left == 0) {
      return false;
    }
    left--;
    return true;
  }

  void failed() {
    left = next;
    next = Math.min(LONGEST, 2 * next);
  }

  void end() {
    left = 0;
    next = 1;
  }
}
