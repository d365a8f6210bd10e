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
 * Publishes the messages of one session, and matches them with what JetStream says of each. The
 * client's own call does the same, but writes every message to the network by itself; here those
 * that wait at the same moment go out in one write.
 *
 * <p>A message fails when the server has read it and does not confirm it. That is asked by a ping
 * behind the message: until it is answered, the link is slow, or dead, which ends the session.
 * Thread-safe.
 */
final class Confirmations {

  /** A message that is not confirmed so long after it was published may have failed. */
  static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(4);

  /** What the server has had for so long and not confirmed has failed. */
  static final Duration READ_TIMEOUT = Duration.ofSeconds(3);

  /** Behind a message that waits for so long a ping is sent. */
  private static final Duration PING_AFTER = Duration.ofMillis(500);

  private final NatsSession session;
  private final TimeSource time;
  private final String inbox;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
  private final AtomicBoolean pinging = new AtomicBoolean();

  /**
   * Listens to a session.
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

  /** Publishes a message; the future completes when its stream has it. */
  CompletableFuture<?> publish(Outgoing message) {
    Long number = numbers.incrementAndGet();
    CompletableFuture<Void> stored = new CompletableFuture<>();
    waiting.put(number, new Waiting(stored, message.subject(), time.nanos()));
    try {
      session.publish(
          message.subject(), inbox + number, message.headers().toHeaders(), message.body());
    } catch (RuntimeException | Error e) {
      waiting.remove(number);
      throw e;
    }
    return stored;
  }

  /** Fails what the server does not confirm; to be called twice a second or so. */
  void expire() {
    long now = time.nanos();
    boolean ping = false;
    for (Map.Entry<Long, Waiting> entry : waiting.entrySet()) {
      Waiting message = entry.getValue();
      if (message.hasFailed(now)) {
        fail(entry.getKey(), message);
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

  /** What has been published until now, the server has read once it answers. */
  private void ping() {
    try {
      long last = numbers.get();
      session.awaitRead();
      long now = time.nanos();
      waiting.forEach(
          (number, message) -> {
            if (number <= last) {
              message.readAt(now);
            }
          });
    } catch (IOException e) {
      // The session is over: what it did not confirm is sent again in the next.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      pinging.set(false);
    }
  }

  private void fail(Long number, Waiting message) {
    TimeoutException silence =
        new TimeoutException(
            "no confirmation within " + CONFIRM_TIMEOUT.toSeconds() + " s: " + message.subject);
    end(number, message, silence);
  }

  /** Forgotten last: what could not be completed for want of memory fails at a later look. */
  private void end(Long number, Waiting message, Throwable refusal) {
    message.stored.completeExceptionally(refusal);
    waiting.remove(number);
  }

  /** Messages without a confirmation; for tests. */
  int waiting() {
    return waiting.size();
  }

  private void received(Message reply) {
    String subject = reply.getSubject();
    Long number = Long.parseLong(subject, inbox.length(), subject.length(), 10);
    Waiting message = waiting.get(number);
    if (message == null) {
      return;
    }
    Throwable refusal;
    try {
      refusal = isPlainlyStored(reply) ? null : refusal(reply, message.subject);
    } catch (RuntimeException | Error e) {
      refusal = e;
    }
    if (refusal == null) {
      message.stored.complete(null);
      waiting.remove(number);
    } else {
      end(number, message, refusal);
    }
  }

  /** What a server says of a message that it has; whatever looks different is read in full. */
  private static boolean isPlainlyStored(Message reply) {
    String text = new String(reply.getData(), ISO_8859_1);
    return text.startsWith("{\"stream\":\"")
        && text.contains("\"seq\":")
        && !text.contains("\"error\"");
  }

  private static @Nullable Exception refusal(Message reply, String subject) {
    if (reply.isStatusMessage()) {
      return new IOException("no stream takes " + subject + ": " + reply.getStatus());
    }
    try {
      PublishAck unused = new PublishAck(reply);
      return null;
    } catch (IOException | JetStreamApiException e) {
      return e;
    } catch (RuntimeException e) {
      return new IOException("what confirms " + subject + " cannot be read", e);
    }
  }

  /** A message on its way. */
  private static final class Waiting {

    final CompletableFuture<Void> stored;
    final String subject;
    final long sinceNanos;
    private volatile long readNanos;
    private volatile boolean read;

    /**
     * A message that is published now.
     *
     * @param stored completes when the stream has it
     */
    Waiting(CompletableFuture<Void> stored, String subject, long sinceNanos) {
      this.stored = stored;
      this.subject = subject;
      this.sinceNanos = sinceNanos;
    }

    /** The server has read it by this time. */
    void readAt(long nanos) {
      if (!read) {
        readNanos = nanos;
        read = true;
      }
    }

    boolean hasFailed(long now) {
      return read
          && now - readNanos >= READ_TIMEOUT.toNanos()
          && now - sinceNanos >= CONFIRM_TIMEOUT.toNanos();
    }
  }
}
