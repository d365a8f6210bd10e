package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import org.jspecify.annotations.Nullable;

/**
 * One message that the server has not confirmed yet; published at most once at a time in a session.
 * Thread-safe.
 */
final class Pending {

  final Runnable confirmed;
  final long sinceNanos;
  final long number;
  private volatile Outgoing message;
  private @Nullable NatsSession sentIn;
  private int failures;
  private boolean confirmedByServer;

  /**
   * A message that nobody has sent yet.
   *
   * @param confirmed run once, when the server has it
   * @param sinceNanos the monotonic time from which on it waits
   * @param number its place among all messages
   */
  Pending(Outgoing message, Runnable confirmed, long sinceNanos, long number) {
    this.message = message;
    this.confirmed = confirmed;
    this.sinceNanos = sinceNanos;
    this.number = number;
  }

  Outgoing message() {
    return message;
  }

  long number() {
    return number;
  }

  /** Puts a smaller message in its place; only for who has the claim. */
  void replace(Outgoing fitting) {
    message = fitting;
  }

  /** Whether the caller may send it in this session: nobody else does, and it is not confirmed. */
  synchronized boolean claim(NatsSession target) {
    if (!isUnsentIn(target)) {
      return false;
    }
    sentIn = target;
    return true;
  }

  /** Whether it is to be sent in this session: nobody has, and it is not confirmed. */
  synchronized boolean isUnsentIn(NatsSession target) {
    return sentIn != target && !confirmedByServer;
  }

  /** Lets it be sent in this session again. */
  synchronized void release(NatsSession target) {
    if (sentIn == target) {
      sentIn = null;
    }
  }

  /** Counts a failure; returns how many there were. */
  synchronized int failed() {
    return ++failures;
  }

  /** True the first time only. */
  synchronized boolean confirmOnce() {
    boolean first = !confirmedByServer;
    confirmedByServer = true;
    return first;
  }
}
