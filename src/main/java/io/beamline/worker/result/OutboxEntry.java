package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import org.jspecify.annotations.Nullable;

/**
 * A message without a confirmation. In one session it is sent by one thread at a time. Safe for
 * several threads.
 */
final class OutboxEntry {

  final Runnable followUp;
  final long sinceNanos;
  final long number;
  private volatile OutgoingMessage message;
  private @Nullable NatsSession sentIn;
  private int failures;
  private boolean confirmedByServer;

  /**
   * Creates the entry of a message that was not sent yet.
   *
   * @param followUp run once, after the confirmation
   * @param sinceNanos the monotonic time when the message was ready, in ns
   * @param number the position among all messages, which are sent in this order
   */
  OutboxEntry(OutgoingMessage message, Runnable followUp, long sinceNanos, long number) {
    this.message = message;
    this.followUp = followUp;
    this.sinceNanos = sinceNanos;
    this.number = number;
  }

  OutgoingMessage message() {
    return message;
  }

  long number() {
    return number;
  }

  /** Replaces the message by a smaller one. Only for the thread that claimed the entry. */
  void replace(OutgoingMessage smaller) {
    message = smaller;
  }

  /** Reserves the message for the caller to send; false if it was sent or is confirmed. */
  synchronized boolean claim(NatsSession target) {
    if (!isUnsentIn(target)) {
      return false;
    }
    sentIn = target;
    return true;
  }

  /** Returns whether the message was not sent in this session and is not confirmed. */
  synchronized boolean isUnsentIn(NatsSession target) {
    return sentIn != target && !confirmedByServer;
  }

  /** Allows another claim in this session. */
  synchronized void release(NatsSession target) {
    if (sentIn == target) {
      sentIn = null;
    }
  }

  /** Counts a failure. Returns the number of failures, this one included. */
  synchronized int countFailure() {
    return ++failures;
  }

  /** Records the confirmation. Returns true at the first call only. */
  synchronized boolean confirmOnce() {
    boolean first = !confirmedByServer;
    confirmedByServer = true;
    return first;
  }
}
