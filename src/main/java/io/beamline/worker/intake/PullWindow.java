package io.beamline.worker.intake;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keeps count of the messages asked for and not yet delivered, so that the next request goes out
 * before the last is used up. A request whose end nobody told counts until it would have expired.
 * The server serves requests in turns and does not tell which of them a message was for: each
 * delivery counts for the oldest. Used by one thread.
 */
final class PullWindow {

  private int size;
  private long expiresNanos;
  private final Deque<Pull> pulls = new ArrayDeque<>();
  private int outstanding;
  private long lastId;

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

  /** Asks for at most so many at once from now on, in requests that stand so long. */
  void resize(int size, Duration expires) {
    this.size = size;
    this.expiresNanos = expires.toNanos();
  }

  /** How many messages to ask for now; zero while enough are on their way. */
  int wanted(long nowNanos) {
    for (Pull oldest = pulls.peek();
        oldest != null && nowNanos - oldest.endsNanos >= 0;
        oldest = pulls.peek()) {
      outstanding -= oldest.left;
      pulls.remove();
    }
    return outstanding > size / 2 ? 0 : size - outstanding;
  }

  /** Counts a request for so many messages, and names it. */
  long asked(int messages, long nowNanos) {
    outstanding += messages;
    pulls.add(new Pull(++lastId, messages, nowNanos + expiresNanos));
    return lastId;
  }

  /** How long ago a request went out; its whole time when it is not known any more. */
  Duration age(long id, long nowNanos) {
    for (Pull pull : pulls) {
      if (pull.id == id) {
        return Duration.ofNanos(nowNanos - (pull.endsNanos - expiresNanos));
      }
    }
    return Duration.ofNanos(expiresNanos);
  }

  /** One message was delivered. */
  void delivered() {
    forget(1);
  }

  /**
   * A request has ended before it expired.
   *
   * @param id its name
   * @param undelivered the messages that it did not deliver; what was counted for it beyond these,
   *     others have delivered
   * @return whether it delivered nothing at all
   */
  boolean ended(long id, int undelivered) {
    int counted = 0;
    boolean empty = false;
    for (Pull pull : pulls) {
      if (pull.id == id) {
        empty = undelivered == pull.asked;
        counted = pull.left;
        outstanding -= counted;
        pull.left = 0;
      }
    }
    pulls.removeIf(pull -> pull.left == 0);
    forget(Math.max(0, undelivered - counted));
    return empty;
  }

  private void forget(int messages) {
    int left = messages;
    for (Pull oldest = pulls.peek(); oldest != null && left > 0; oldest = pulls.peek()) {
      int gone = Math.min(left, oldest.left);
      left -= gone;
      outstanding -= gone;
      oldest.left -= gone;
      if (oldest.left == 0) {
        pulls.remove();
      }
    }
  }

  /** A request that stands. */
  private static final class Pull {

    final long id;
    final int asked;
    final long endsNanos;
    int left;

    Pull(long id, int asked, long endsNanos) {
      this.id = id;
      this.asked = asked;
      this.left = asked;
      this.endsNanos = endsNanos;
    }
  }
}
