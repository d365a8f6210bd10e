package io.beamline.worker.result;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the messages of one session to JetStream, and completes the future of each when its
 * stream confirms it. With the client's {@code publishAsync} each message takes a write to the
 * network of its own; here messages that wait at the same moment share one write.
 *
 * <p>A message fails if the server has read it and does not confirm it. A ping after the message
 * finds out whether the server has read it. While the ping has no answer, the message does not
 * fail: the link may only be slow, and if it is dead, the session ends. Safe for several threads.
 *
 * <p>With a JetStream domain, only streams of this domain confirm. Another domain may have a stream
 * with the same subject, such as the leaf node that the worker is connected to. Its copy is not
 * what the Router reads.
 */
final class Confirmations {

  /** The least time from publishing a message until it counts as failed. */
  static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(4);

  /**
   * The least time from the answer to a ping, which shows that the server has read a message, until
   * that message counts as failed.
   */
  static final Duration CONFIRM_TIMEOUT_AFTER_READ = Duration.ofSeconds(3);

  /** The time without confirmation after which a ping is sent. */
  private static final Duration PING_AFTER = Duration.ofMillis(500);

  private final NatsSession session;
  private final TimeSource time;
  private final String inbox;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, UnconfirmedMessage> unconfirmed = new ConcurrentHashMap<>();
  private final AtomicBoolean pinging = new AtomicBoolean();

  /**
   * Subscribes to the confirmations of a session.
   *
   * @throws IllegalStateException when the session is over
   */
  Confirmations(NatsSession session, TimeSource time) {
    this.session = session;
    this.time = time;
    Connection connection = session.connection();
    this.inbox = connection.createInbox() + ".";
    Dispatcher replies = connection.createDispatcher(this::received);
    replies.setPendingLimits(-1, -1);
    Dispatcher unused = replies.subscribe(inbox + "*");
  }

  /** Publishes a message. The future completes when the stream has stored it. */
  CompletableFuture<?> publish(OutgoingMessage message) {
    Long number = numbers.incrementAndGet();
    CompletableFuture<Void> stored = new CompletableFuture<>();
    unconfirmed.put(number, new UnconfirmedMessage(stored, message.subject(), time.nanos()));
    try {
      session.publish(
          message.subject(), inbox + number, message.headers().toHeaders(), message.body());
    } catch (RuntimeException | Error e) {
      unconfirmed.remove(number);
      throw e;
    }
    return stored;
  }

  /**
   * Fails the messages that were not confirmed in time, and sends a ping if others need one. Call
   * it about once a second.
   */
  void expire() {
    long now = time.nanos();
    boolean ping = false;
    for (Map.Entry<Long, UnconfirmedMessage> entry : unconfirmed.entrySet()) {
      UnconfirmedMessage message = entry.getValue();
      if (message.hasFailed(now)) {
        timeOut(entry.getKey(), message);
      } else {
        ping |= !message.read && now - message.sinceNanos >= PING_AFTER.toNanos();
      }
    }
    if (ping && pinging.compareAndSet(false, true)) {
      startPing();
    }
  }

  private void startPing() {
    try {
      Thread unused = Thread.ofPlatform().daemon().name("nats-ping").start(this::ping);
    } catch (RuntimeException | Error e) {
      pinging.set(false);
      throw e;
    }
  }

  /** Sends a ping. When the server answers it, marks all messages published before it as read. */
  private void ping() {
    try {
      long last = numbers.get();
      session.awaitRead();
      long now = time.nanos();
      unconfirmed.forEach(
          (number, message) -> {
            if (number <= last) {
              message.readAt(now);
            }
          });
    } catch (IOException e) {
      // The session is over; the next session sends the unconfirmed messages again.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      pinging.set(false);
    }
  }

  private void timeOut(Long number, UnconfirmedMessage message) {
    String elsewhere =
        message.storedElsewhere
            ? ", only a stream outside of the JetStream domain " + domain() + " has stored it"
            : "";
    TimeoutException noConfirmation =
        new TimeoutException(
            "no confirmation within "
                + CONFIRM_TIMEOUT.toSeconds()
                + " s: "
                + message.subject
                + elsewhere);
    fail(number, message, noConfirmation);
  }

  /** Removes the message last: if memory is too short to fail it, a later {@link #expire} does. */
  private void fail(Long number, UnconfirmedMessage message, Throwable failure) {
    message.stored.completeExceptionally(failure);
    unconfirmed.remove(number);
  }

  /** Returns the number of messages without a confirmation; for tests. */
  int unconfirmed() {
    return unconfirmed.size();
  }

  private void received(Message reply) {
    String subject = reply.getSubject();
    Long number = Long.parseLong(subject, inbox.length(), subject.length(), 10);
    UnconfirmedMessage message = unconfirmed.get(number);
    if (message == null) {
      return;
    }
    Throwable failure;
    try {
      if (isOfAnotherDomain(reply)) {
        message.storedElsewhere = true;
        return;
      }
      failure = isUsualConfirmation(reply) ? null : failure(reply, message.subject);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    if (failure == null) {
      message.stored.complete(null);
      unconfirmed.remove(number);
    } else {
      fail(number, message, failure);
    }
  }

  /** Returns whether a stream of another JetStream domain says that it has stored a message. */
  private boolean isOfAnotherDomain(Message reply) {
    return !domain().isEmpty()
        && isUsualConfirmation(reply)
        && !new String(reply.getData(), ISO_8859_1).contains("\"domain\":\"" + domain() + "\"");
  }

  private String domain() {
    return session.jetStream().domain();
  }

  /** Returns whether a reply looks like the usual confirmation. If not, it is parsed in full. */
  private static boolean isUsualConfirmation(Message reply) {
    String text = new String(reply.getData(), ISO_8859_1);
    return text.startsWith("{\"stream\":\"")
        && text.contains("\"seq\":")
        && !text.contains("\"error\"");
  }

  private static @Nullable Exception failure(Message reply, String subject) {
    if (reply.isStatusMessage()) {
      return new IOException("no stream takes " + subject + ": " + reply.getStatus());
    }
    try {
      PublishAck unused = new PublishAck(reply);
      return null;
    } catch (IOException | JetStreamApiException e) {
      return e;
    } catch (RuntimeException e) {
      return new IOException("the confirmation of " + subject + " cannot be read", e);
    }
  }

  /** A published message without a confirmation. */
  private static final class UnconfirmedMessage {

    final CompletableFuture<Void> stored;
    final String subject;
    final long sinceNanos;
    private volatile long readNanos;
    private volatile boolean read;
    private volatile boolean storedElsewhere;

    /**
     * Creates the entry of a message.
     *
     * @param stored completes when the stream has stored the message
     * @param sinceNanos the monotonic time of its publication, in ns
     */
    UnconfirmedMessage(CompletableFuture<Void> stored, String subject, long sinceNanos) {
      this.stored = stored;
      this.subject = subject;
      this.sinceNanos = sinceNanos;
    }

    /** Records the first monotonic time at which the server is known to have read the message. */
    void readAt(long nanos) {
      if (!read) {
        readNanos = nanos;
        read = true;
      }
    }

    boolean hasFailed(long now) {
      return read
          && now - readNanos >= CONFIRM_TIMEOUT_AFTER_READ.toNanos()
          && now - sinceNanos >= CONFIRM_TIMEOUT.toNanos();
    }
  }
}
