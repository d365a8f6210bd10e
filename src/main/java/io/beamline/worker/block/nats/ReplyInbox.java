package io.beamline.worker.block.nats;

import io.beamline.worker.block.nats.ReplyOutcome.ConnectionLost;
import io.beamline.worker.block.nats.ReplyOutcome.PublicationRefused;
import io.beamline.worker.block.nats.ReplyOutcome.Replied;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests of one session and receives their replies, by one subscription for all. The
 * client's own requests would stay in its memory for up to 5 s after their end. Safe for several
 * threads.
 *
 * <p>Each request has a reply subject that nobody can guess: a service knows those of its own
 * requests only. A reply to a request that has ended is dropped.
 */
final class ReplyInbox {

  private final Connection connection;
  private final String prefix;
  private final Map<String, PendingReply> pending = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * Subscribes to the replies of a session.
   *
   * @throws IllegalStateException when the connection is closed
   */
  ReplyInbox(Connection connection) {
    this.connection = connection;
    this.prefix = connection.createInbox() + ".";
    Dispatcher replies = connection.createDispatcher(this::received);
    replies.setPendingLimits(-1, -1);
    Dispatcher unused = replies.subscribe(prefix + "*");
  }

  /** Returns the largest message that the server takes, in bytes, headers included. */
  long maxBytes() {
    return connection.getMaxPayload();
  }

  /**
   * Sends a request and waits for its end.
   *
   * @param leftNanos returns how much time is left, in ns; asked after the request is sent, because
   *     the client may have to wait for room
   * @return null if the time was over first
   */
  @Nullable ReplyOutcome exchange(OutgoingRequest request, LongSupplier leftNanos)
      throws InterruptedException {
    String token = UUID.randomUUID().toString();
    PendingReply reply = new PendingReply(request.subject());
    pending.put(token, reply);
    try {
      publish(request, prefix + token, reply);
      return reply.await(leftNanos.getAsLong());
    } finally {
      pending.remove(token);
    }
  }

  /** Ends the requests to a subject, because the worker may not publish to it. */
  void refused(String subject) {
    for (PendingReply reply : pending.values()) {
      if (reply.subject().equals(subject)) {
        reply.complete(new PublicationRefused());
      }
    }
  }

  /** Ends all requests, and those that come later. */
  void close() {
    closed = true;
    pending.values().forEach(reply -> reply.complete(new ConnectionLost()));
  }

  /** Returns the number of requests without an end; for tests. */
  int pending() {
    return pending.size();
  }

  private void publish(OutgoingRequest request, String replyTo, PendingReply reply) {
    if (closed) { // after it was added to those that close() ends
      reply.complete(new ConnectionLost());
      return;
    }
    try {
      connection.publish(request.subject(), replyTo, request.headers(), request.body());
    } catch (IllegalStateException e) { // closed, or the connection takes nothing more
      reply.complete(new ConnectionLost());
    }
  }

  private void received(Message message) {
    PendingReply reply = pending.get(message.getSubject().substring(prefix.length()));
    if (reply != null) {
      reply.complete(new Replied(message));
    }
  }
}
