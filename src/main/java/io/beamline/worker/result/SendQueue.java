package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The messages to be sent in one session. Only so many bytes are on their way at once that the link
 * carries them in about a second: lease renewals, pings and replies then pass a slow link too. Acks
 * and other messages take turns, so that an ack waits for one large result at most. Thread-safe.
 */
final class SendQueue {

  static final long SMALLEST_WINDOW = 256 * 1024;
  static final long LARGEST_WINDOW = 4 * 1024 * 1024;

  /** A confirmation that comes sooner lets more be sent at once. */
  private static final Duration QUICK = Duration.ofMillis(500);

  /** A confirmation that takes longer lets less be sent at once. */
  private static final Duration SLOW = Duration.ofSeconds(1);

  private final NatsSession session;
  private final Deque<Pending> acks = new ArrayDeque<>();
  private final Deque<Pending> others = new ArrayDeque<>();
  private final ReentrantLock sending = new ReentrantLock();
  private long window = SMALLEST_WINDOW;
  private long underWay;
  private boolean limited;
  private boolean ackIsNext = true;

  SendQueue(NatsSession session) {
    this.session = session;
  }

  NatsSession session() {
    return session;
  }

  /** Queues messages. */
  synchronized void add(Collection<Pending> messages) {
    messages.forEach(this::queue);
  }

  /** Queues a message. */
  synchronized void add(Pending message) {
    queue(message);
  }

  private void queue(Pending message) {
    (message.message().kind() == Outgoing.Kind.ACK ? acks : others).add(message);
  }

  /**
   * Sends what may be sent now. One thread does so at a time, and for all: others return at once,
   * and so does the sender itself where a message ends while it is being sent.
   */
  void send(Sender sender) {
    while (!sending.isHeldByCurrentThread() && maySend() && sending.tryLock()) {
      try {
        for (Departure next = next(); next != null; next = next()) {
          sender.send(next);
        }
      } finally {
        sending.unlock();
      }
    }
  }

  private synchronized boolean maySend() {
    Pending next = nextQueue().peek();
    return next != null && fits(next);
  }

  private synchronized @Nullable Departure next() {
    Deque<Pending> queue = nextQueue();
    Pending next = queue.peek();
    if (next == null) {
      return null;
    }
    if (!fits(next)) {
      limited = true;
      return null;
    }
    long bytes = next.message().weight();
    // Before anything changes: without memory the message stays in the queue.
    Departure departure = new Departure(next, this, bytes);
    queue.remove();
    ackIsNext = isOfOthers(queue);
    underWay += bytes;
    return departure;
  }

  @SuppressWarnings("ReferenceEquality") // two empty queues are equal by value
  private boolean isOfOthers(Deque<Pending> queue) {
    return queue != acks;
  }

  private Deque<Pending> nextQueue() {
    return others.isEmpty() || (ackIsNext && !acks.isEmpty()) ? acks : others;
  }

  /** A message that is larger than the window goes alone. */
  private boolean fits(Pending next) {
    return underWay == 0 || underWay + next.message().weight() <= window;
  }

  /** A message is not on its way any more. */
  private synchronized void arrived(long bytes) {
    underWay -= bytes;
  }

  private synchronized void adapt(long bytes, Duration taken) {
    if (taken.compareTo(SLOW) > 0) {
      window = Math.max(SMALLEST_WINDOW, window - bytes / 2);
    } else if (limited && taken.compareTo(QUICK) < 0) {
      window = Math.min(LARGEST_WINDOW, window + bytes);
      limited = false;
    }
  }

  /** The bytes that may be on their way at once; for tests. */
  synchronized long window() {
    return window;
  }

  /** Sends a message; never throws. */
  interface Sender {

    void send(Departure departure);
  }

  /**
   * A message on its way.
   *
   * @param bytes what it takes of the window
   */
  record Departure(Pending message, SendQueue queue, long bytes) {

    /** The server has it, so many ns after it was sent. Never throws. */
    void confirmed(long nanos) {
      try {
        Duration taken = Duration.ofNanos(nanos);
        queue.session.confirmedAfter(taken);
        queue.adapt(bytes, taken);
      } catch (RuntimeException | Error e) {
        // Without memory this one is not measured; the next is.
      } finally {
        queue.arrived(bytes);
      }
    }

    /** It does not reach the server, or that is not known. */
    void failed() {
      queue.arrived(bytes);
    }
  }
}
