package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queue of messages to send in one session. The bytes in flight are limited to what the link
 * carries in about a second, so that lease renewals and pings pass a slow link too. Acks and other
 * messages take turns, so that an ack waits for at most one large result. Safe for several threads.
 */
final class SendQueue {

  static final long MIN_WINDOW = 256 * 1024;
  static final long MAX_WINDOW = 4 * 1024 * 1024;

  /** A confirmation within this time enlarges the window. */
  private static final Duration QUICK = Duration.ofMillis(500);

  /** A confirmation after more than this time shrinks the window. */
  private static final Duration SLOW = Duration.ofSeconds(1);

  private final NatsSession session;
  private final Deque<OutboxEntry> acks = new ArrayDeque<>();
  private final Deque<OutboxEntry> others = new ArrayDeque<>();
  private final ReentrantLock sending = new ReentrantLock();
  private long window = MIN_WINDOW;
  private long inFlightBytes;
  private boolean limited;
  private boolean ackIsNext = true;

  SendQueue(NatsSession session) {
    this.session = session;
  }

  NatsSession session() {
    return session;
  }

  /** Queues messages. */
  synchronized void add(Collection<OutboxEntry> messages) {
    messages.forEach(this::queue);
  }

  /** Queues a message. */
  synchronized void add(OutboxEntry message) {
    queue(message);
  }

  private void queue(OutboxEntry message) {
    (message.message().kind() == OutgoingMessage.MessageKind.ACK ? acks : others).add(message);
  }

  /**
   * Sends the messages that fit the window. One thread sends at a time, for all. Others return at
   * once, and so does a nested call by the sending thread.
   */
  void send(Sender sender) {
    while (!sending.isHeldByCurrentThread() && maySend() && sending.tryLock()) {
      try {
        for (Transmission next = next(); next != null; next = next()) {
          sender.send(next);
        }
      } finally {
        sending.unlock();
      }
    }
  }

  private synchronized boolean maySend() {
    OutboxEntry next = nextQueue().peek();
    return next != null && fits(next);
  }

  private synchronized @Nullable Transmission next() {
    Deque<OutboxEntry> queue = nextQueue();
    OutboxEntry next = queue.peek();
    if (next == null) {
      return null;
    }
    if (!fits(next)) {
      limited = true;
      return null;
    }
    long bytes = next.message().weight();
    // Created before anything changes: if memory is short here, the message stays in the queue.
    Transmission transmission = new Transmission(next, this, bytes);
    queue.remove();
    ackIsNext = isOfOthers(queue);
    inFlightBytes += bytes;
    return transmission;
  }

  @SuppressWarnings("ReferenceEquality") // two empty queues are equal by value
  private boolean isOfOthers(Deque<OutboxEntry> queue) {
    return queue != acks;
  }

  private Deque<OutboxEntry> nextQueue() {
    return others.isEmpty() || (ackIsNext && !acks.isEmpty()) ? acks : others;
  }

  /** A message that is larger than the window is sent alone. */
  private boolean fits(OutboxEntry next) {
    return inFlightBytes == 0 || inFlightBytes + next.message().weight() <= window;
  }

  /** A message is no longer in flight. */
  private synchronized void landed(long bytes) {
    inFlightBytes -= bytes;
  }

  private synchronized void adapt(long bytes, Duration taken) {
    if (taken.compareTo(SLOW) > 0) {
      window = Math.max(MIN_WINDOW, window - bytes / 2);
    } else if (limited && taken.compareTo(QUICK) < 0) {
      window = Math.min(MAX_WINDOW, window + bytes);
      limited = false;
    }
  }

  /** Returns the largest number of bytes in flight; for tests. */
  synchronized long window() {
    return window;
  }

  /** Sends a message; never throws. */
  interface Sender {

    void send(Transmission transmission);
  }

  /**
   * One sending of a message.
   *
   * @param bytes its share of the window
   */
  record Transmission(OutboxEntry message, SendQueue queue, long bytes) {

    /** The server confirmed the message this many ns after it was sent. Never throws. */
    void confirmed(long nanos) {
      try {
        Duration taken = Duration.ofNanos(nanos);
        queue.session.confirmedAfter(taken);
        queue.adapt(bytes, taken);
      } catch (RuntimeException | Error e) {
        // This confirmation is not measured, for example for lack of memory.
      } finally {
        queue.landed(bytes);
      }
    }

    /** The message was not confirmed, or not sent because another thread had sent it. */
    void endUnconfirmed() {
      queue.landed(bytes);
    }
  }
}
