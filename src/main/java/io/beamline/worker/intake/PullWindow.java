package io.beamline.worker.intake;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keeps count of the messages asked for and not yet delivered, so that the next request goes out
 * before the last is used up. A request that the server ended early counts until it would have
 * expired. Used by one thread.
 */
final class PullWindow {

  private final int size;
  private final long expiresNanos;
  private final Deque<Pull> pulls = new ArrayDeque<>();
  private int outstanding;

  /**
   * A window with nothing asked for.
   *
   * @param size the most messages asked for at once
   * @param expires how long a request stands
   */
  PullWindow(int size, Duration expires) {
    this.size = size;
    this.expiresNanos = expires.toNanos();
  }

  /**
   * How many messages to ask for now; zero while enough are on their way. The answer is counted.
   */
  int ask(long nowNanos) {
    for (Pull oldest = pulls.peek();
        oldest != null && nowNanos - oldest.endsNanos >= 0;
        oldest = pulls.peek()) {
      outstanding -= oldest.left;
      pulls.remove();
    }
    if (outstanding > size / 2) {
      return 0;
    }
    int more = size - outstanding;
    pulls.add(new Pull(more, nowNanos + expiresNanos));
    outstanding = size;
    return more;
  }

  /** One message was delivered. */
  void delivered() {
    Pull oldest = pulls.peek();
    if (oldest == null) {
      return;
    }
    outstanding--;
    if (--oldest.left == 0) {
      pulls.remove();
    }
  }

  /** A request that stands. */
  private static final class Pull {

    final long endsNanos;
    int left;

    Pull(int left, long endsNanos) {
      this.left = left;
      this.endsNanos = endsNanos;
    }
  }
}
