package io.beamline.worker.connection;

import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One connection to NATS, from its opening to its end. A new session starts with an empty send
 * queue, so that messages for a lost server never reach another one. Compared by identity. Any
 * thread may use it: its changing fields are volatile or atomic, and the client's connection is
 * thread-safe.
 */
public final class NatsSession {

  /** Bounds the wait if the client does not notice the end of its connection. */
  private static final Duration FLUSH_TIMEOUT = Duration.ofMinutes(5);

  private static final int SMOOTHING_FACTOR = 8;

  private final Connection connection;
  private final String stream;
  private final String streamIdentity;
  private volatile ConsumerTerms consumer;
  private volatile Map<String, Long> streamLimits;
  private final AtomicReference<Duration> delay = new AtomicReference<>(Duration.ZERO);
  private volatile Runnable renewal = () -> {};
  private volatile Predicate<String> permissions = subject -> true;

  /**
   * Creates a session that is ready for use.
   *
   * @param connection the connection
   * @param stream the stream of assignments; empty in core delivery
   * @param streamIdentity differs from that of an older stream of the same name; empty in core
   *     delivery
   * @param consumer what the consumer allows
   * @param streamLimits the largest message of each subject whose stream has a limit, in bytes
   */
  NatsSession(
      Connection connection,
      String stream,
      String streamIdentity,
      ConsumerTerms consumer,
      Map<String, Long> streamLimits) {
    this.connection = connection;
    this.stream = stream;
    this.streamIdentity = streamIdentity;
    this.consumer = consumer;
    this.streamLimits = Map.copyOf(streamLimits);
  }

  /** Returns the connection. It never reconnects by itself. */
  public Connection connection() {
    return connection;
  }

  /**
   * Publishes a message, also on an interrupted thread, where the client alone would silently drop
   * it. A message may be sent twice, so duplicates must do no harm.
   *
   * @param replyTo the subject for the server's answer, or null for none
   * @param headers null for none
   * @throws IllegalStateException when the session has ended, or the send queue is full
   */
  public void publish(
      String subject, @Nullable String replyTo, @Nullable Headers headers, byte[] body) {
    boolean interrupted = Thread.interrupted();
    try {
      connection.publish(subject, replyTo, headers, body);
      while (Thread.interrupted()) {
        interrupted = true;
        connection.publish(subject, replyTo, headers, body);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Waits until the server has read all messages published before, for at most 5 minutes.
   *
   * @throws IOException when the session ends first, or the time is over
   */
  public void awaitRead() throws IOException, InterruptedException {
    try {
      connection.flush(FLUSH_TIMEOUT);
    } catch (TimeoutException | IllegalStateException e) {
      throw new IOException("the session ended before the server had read all", e);
    }
    // The client also returns normally when it could not send its ping any more.
    if (!isOpen()) {
      throw new IOException("the session ended before the server had read all");
    }
  }

  /** Returns the name of the stream of assignments; empty in core delivery. */
  public String stream() {
    return stream;
  }

  /**
   * Returns the stream's name and creation time, which differ from an older stream of that name.
   * Empty in core delivery.
   */
  public String streamIdentity() {
    return streamIdentity;
  }

  /** Returns the lease of an assignment, as the consumer sets it. */
  public Duration ackWait() {
    return consumer.ackWait();
  }

  /** Returns the latest known limits of the consumer. They may change during the session. */
  public ConsumerTerms consumer() {
    return consumer;
  }

  /** Sets the terms of the consumer. */
  void updateConsumer(ConsumerTerms terms) {
    consumer = terms;
  }

  /** Sets the largest message of each subject whose stream has a limit, in bytes. */
  void updateStreamLimits(Map<String, Long> limits) {
    streamLimits = Map.copyOf(limits);
  }

  /**
   * Returns the largest message that the server accepts on a subject, in bytes, headers included.
   */
  public long limit(String subject) {
    long maxPayload = connection.getMaxPayload();
    return Math.min(maxPayload, streamLimits.getOrDefault(subject, maxPayload));
  }

  /**
   * Ends this session without waiting for the end. The next session checks the streams and the
   * consumer again and creates missing ones if it may.
   */
  public void renew() {
    renewal.run();
  }

  /**
   * Returns whether the worker may publish to a subject, as far as is known. If not, a new session
   * does not help.
   */
  public boolean mayPublish(String subject) {
    return permissions.test(subject);
  }

  /** Sets the check that {@link #mayPublish} uses. */
  void publishPermissions(Predicate<String> mayPublish) {
    permissions = mayPublish;
  }

  /** Sets what {@link #renew} runs. */
  void onRenew(Runnable end) {
    renewal = end;
  }

  /**
   * Returns the recent time from publishing a message to its confirmation. It rises at once and
   * falls slowly. Zero before the first confirmation.
   */
  public Duration delay() {
    return delay.get();
  }

  /** Records the time from publishing a message to its confirmation. */
  public void confirmedAfter(Duration time) {
    delay.updateAndGet(before -> slower(time, before));
  }

  private static Duration slower(Duration now, Duration before) {
    return now.compareTo(before) >= 0
        ? now
        : before.multipliedBy(SMOOTHING_FACTOR - 1).plus(now).dividedBy(SMOOTHING_FACTOR);
  }

  /** Returns whether the connection is open, as far as the client knows. */
  public boolean isOpen() {
    return connection.getStatus() == Connection.Status.CONNECTED;
  }
}
