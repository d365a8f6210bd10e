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
 * messages take turns, so that at most one other message is sent between two waiting acks. Safe for
 * several threads.
 */
final class SendQueue {

  static final long MIN_WINDOW = 256 * 1024;
  static final long MAX_WINDOW = 4 * 1024 * 1024;

  /** A confirmation within this time enlarges the window. */
  private static final long QUICK_NANOS = Duration.ofMillis(500).toNanos();

  /** A confirmation after more than this time shrinks the window. */
  private static final long SLOW_NANOS = Duration.ofSeconds(1).toNanos();

  private final NatsSession session;
  private final Deque<OutboxEntry> acks = new ArrayDeque<>();
  private final Deque<OutboxEntry> others = new ArrayDeque<>();
  private final ReentrantLock sending = new ReentrantLock();

  /** The messages in both queues. Changed under the lock of this object, read without it. */
  private volatile int waiting;

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
    waiting = acks.size() + others.size();
  }

  /**
   * Sends the messages that fit the window. One thread sends at a time, for all. Others return at
   * once, and so does a nested call by the sending thread.
   */
  void send(Sender sender) {
    if (waiting == 0 || sending.isHeldByCurrentThread()) {
      return;
    }
    while (sending.tryLock()) {
      try {
        for (Transmission next = next(); next != null; next = next()) {
          sender.send(next);
        }
      } finally {
        sending.unlock();
      }
      // A thread that found the lock taken has left its message to this one.
      if (!maySend()) {
        return;
      }
    }
  }

  private boolean maySend() {
    return waiting > 0 && nextFits();
  }

  private synchronized boolean nextFits() {
    OutboxEntry next = nextQueue().peek();
    return next != null && fits(next);
  }

  private @Nullable Transmission next() {
    return waiting == 0 ? null : removeNext();
  }

  private synchronized @Nullable Transmission removeNext() {
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
    waiting = acks.size() + others.size();
    ackIsNext = isOfOthers(queue);
    inFlightBytes += bytes;
    return transmission;
  }

  @SuppressWarnings("ReferenceEquality") // which of the two queues it is
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

  /** A message was confirmed so many ns after it was sent. */
  private synchronized void landed(long bytes, long takenNanos) {
    landed(bytes);
    if (takenNanos > SLOW_NANOS) {
      window = Math.max(MIN_WINDOW, window - bytes / 2);
    } else if (limited && takenNanos < QUICK_NANOS) {
      window = Math.min(MAX_WINDOW, window + bytes);
      limited = false;
    }
  }

  /** Returns the present limit of the bytes in flight; for tests. */
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
      queue.session.confirmedAfter(nanos);
      queue.landed(bytes, nanos);
    }

    /** The message was not confirmed, or not sent because another thread had sent it. */
    void endUnconfirmed() {
      queue.landed(bytes);
    }
  }
}
