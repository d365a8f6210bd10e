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
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the messages of one session, and matches them with what JetStream says of each. The
 * client's own call does the same, but writes every message to the network by itself; here those
 * that wait at the same moment go out in one write. Thread-safe.
 */
final class Confirmations {

  /**
   * A message without a confirmation for so long has failed. A worker that ends waits a little
   * longer for its last answers, so that one that was lost can be published again.
   */
  static final Duration PATIENCE = Duration.ofSeconds(4);

  private final NatsSession session;
  private final TimeSource time;
  private final String inbox;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();

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
    Dispatcher replies = connection.createDispatcher(this::told);
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

  /** Fails what waits for too long; to be called twice a second or so. */
  void expire() {
    long now = time.nanos();
    waiting.forEach(
        (number, message) -> {
          if (now - message.sinceNanos >= PATIENCE.toNanos()) {
            expire(number, message);
          }
        });
  }

  private void expire(Long number, Waiting message) {
    TimeoutException silence =
        new TimeoutException(
            "no confirmation within " + PATIENCE.toSeconds() + " s: " + message.subject);
    if (waiting.remove(number) != null) {
      message.stored.completeExceptionally(silence);
    }
  }

  /** Messages without a confirmation; for tests. */
  int waiting() {
    return waiting.size();
  }

  private void told(Message reply) {
    String subject = reply.getSubject();
    Long number = Long.parseLong(subject, inbox.length(), subject.length(), 10);
    Waiting message = waiting.remove(number);
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
    } else {
      message.stored.completeExceptionally(refusal);
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

  /**
   * A message on its way.
   *
   * @param stored completes when the stream has it
   */
  private record Waiting(CompletableFuture<Void> stored, String subject, long sinceNanos) {}
}
