package io.beamline.worker.intake;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Counts the messages that are requested and not yet delivered, so that the next request is sent
 * before the last one is used up. A request whose end is not reported counts until it expires. The
 * server does not report which request a message was for, so each delivery counts for the oldest
 * one. Used by one thread.
 */
final class PullWindow {

  private int size;
  private long expiresNanos;
  private final Deque<Pull> pulls = new ArrayDeque<>();
  private int outstanding;
  private long lastId;

  /** Creates a window without requests. The parameters are those of {@link #resize}. */
  PullWindow(int size, Duration expires) {
    resize(size, expires);
  }

  /**
   * Changes the limits. Requests that were sent before stay valid as long as they were.
   *
   * @param size the most messages that are requested and not yet delivered at any time, 0 or more
   * @param expires how long the next requests are valid
   */
  void resize(int size, Duration expires) {
    this.size = size;
    this.expiresNanos = expires.toNanos();
  }

  /** Returns how many messages to request now. Returns 0 while more than half are requested. */
  int wanted(long nowNanos) {
    pulls.removeIf(pull -> expires(pull, nowNanos));
    return outstanding > size / 2 ? 0 : Math.max(0, size - outstanding);
  }

  /** Returns whether more messages than this number are requested and not yet delivered. */
  boolean holdsMoreThan(int messages, long nowNanos) {
    if (outstanding <= messages) {
      return false;
    }
    pulls.removeIf(pull -> expires(pull, nowNanos));
    return outstanding > messages;
  }

  /** Records a request for this number of messages. Returns its id. */
  long requested(int messages, long nowNanos) {
    outstanding += messages;
    pulls.add(new Pull(++lastId, messages, nowNanos, nowNanos + expiresNanos));
    return lastId;
  }

  /** Returns whether anything was requested. */
  boolean hasRequested() {
    return lastId > 0;
  }

  /** Returns the time since a request was sent, or how long it is valid if it is not known here. */
  Duration age(long id, long nowNanos) {
    for (Pull pull : pulls) {
      if (pull.id == id) {
        return age(pull, nowNanos);
      }
    }
    return Duration.ofNanos(expiresNanos);
  }

  /**
   * Records that one message was delivered.
   *
   * @return the age of the request that it completed, or null if it completed none
   */
  @Nullable Duration delivered(long nowNanos) {
    Pull oldest = pulls.peek();
    forget(1);
    return oldest == null || oldest.left > 0 ? null : age(oldest, nowNanos);
  }

  /**
   * Records that a request ended before it expired.
   *
   * @param id the id of the request
   * @param undelivered the number of messages that it did not deliver. If fewer are left in its
   *     count, other requests delivered the difference, which is subtracted from theirs.
   * @return whether it delivered nothing
   */
  boolean ended(long id, int undelivered) {
    int counted = 0;
    boolean deliveredNothing = false;
    for (Pull pull : pulls) {
      if (pull.id == id) {
        deliveredNothing = undelivered == pull.asked;
        counted = pull.left;
        outstanding -= counted;
        pull.left = 0;
      }
    }
    pulls.removeIf(pull -> pull.left == 0);
    forget(Math.max(0, undelivered - counted));
    return deliveredNothing;
  }

  /** Returns whether a request has expired; it then no longer counts. */
  private boolean expires(Pull pull, long nowNanos) {
    boolean expired = nowNanos - pull.endsNanos >= 0;
    if (expired) {
      outstanding -= pull.left;
      pull.left = 0;
    }
    return expired;
  }

  private static Duration age(Pull pull, long nowNanos) {
    return Duration.ofNanos(nowNanos - pull.sentNanos);
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

  /** A request that has not ended. */
  private static final class Pull {

    final long id;
    final int asked;
    final long sentNanos;
    final long endsNanos;
    int left;

    Pull(long id, int asked, long sentNanos, long endsNanos) {
      this.id = id;
      this.asked = asked;
      this.left = asked;
      this.sentNanos = sentNanos;
      this.endsNanos = endsNanos;
    }
  }
}
