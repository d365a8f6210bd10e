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
 * One connection to NATS, from its making to its loss. A new one starts with nothing queued, so
 * that what was meant for a server that is gone never reaches another. Compared by identity;
 * thread-safe.
 */
public final class NatsSession {

  /** Where the client misses the end of a connection, it would wait for ever. */
  private static final Duration LONGEST_READ = Duration.ofMinutes(5);

  private static final int SMOOTHING = 8;

  private final Connection connection;
  private final String stream;
  private final String streamIdentity;
  private volatile ConsumerTerms consumer;
  private volatile Map<String, Long> streamLimits;
  private final AtomicReference<Duration> delay = new AtomicReference<>(Duration.ZERO);
  private volatile Runnable renewal = () -> {};
  private volatile Predicate<String> permissions = subject -> true;

  /**
   * A session that is ready for use.
   *
   * @param connection the connection
   * @param stream the stream of assignments; empty in core delivery
   * @param streamIdentity tells the stream from an older one of the same name; empty in core
   *     delivery
   * @param consumer what the consumer allows
   * @param streamLimits the largest message of each subject whose stream limits it, in bytes
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

  /** The connection, which never reconnects by itself. */
  public Connection connection() {
    return connection;
  }

  /**
   * Publishes a message, on an interrupted thread too: there the client would drop it without a
   * word. So it may go out twice, and must be such that this does no harm.
   *
   * @param replyTo where the server answers, null for nowhere
   * @param headers null for none
   * @throws IllegalStateException when the session is over, or too much waits to be sent
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
   * Waits until the server has read all that was published before, however long a slow link needs.
   *
   * @throws IOException when the session ends first
   */
  public void awaitRead() throws IOException, InterruptedException {
    try {
      connection.flush(LONGEST_READ);
    } catch (TimeoutException | IllegalStateException e) {
      throw new IOException("the session ended before the server had read all", e);
    }
    // The client returns as if all were well where it could not send its ping any more.
    if (!isOpen()) {
      throw new IOException("the session ended before the server had read all");
    }
  }

  /** The stream of assignments; empty in core delivery. */
  public String stream() {
    return stream;
  }

  /** Tells the stream from an older one of the same name; empty in core delivery. */
  public String streamIdentity() {
    return streamIdentity;
  }

  /** The lease of an assignment, as the consumer has it. */
  public Duration ackWait() {
    return consumer.ackWait();
  }

  /** What the consumer allows, as far as is known now: it may be edited during the session. */
  public ConsumerTerms consumer() {
    return consumer;
  }

  /** The consumer allows this from now on. */
  void follow(ConsumerTerms terms) {
    consumer = terms;
  }

  /** The streams of these subjects limit their messages from now on, in bytes. */
  void follow(Map<String, Long> limits) {
    streamLimits = Map.copyOf(limits);
  }

  /** The largest message that the server takes on a subject, in bytes, headers included. */
  public long limit(String subject) {
    long maxPayload = connection.getMaxPayload();
    return Math.min(maxPayload, streamLimits.getOrDefault(subject, maxPayload));
  }

  /**
   * Ends this session, so that the next looks at the server and its streams again and makes what is
   * missing. Does not wait for it.
   */
  public void renew() {
    renewal.run();
  }

  /**
   * Whether the server lets the worker publish to a subject, as far as is known. Where it does not,
   * a new session does not help.
   */
  public boolean mayPublish(String subject) {
    return permissions.test(subject);
  }

  /** Says which subjects the worker may publish to. */
  void permittedBy(Predicate<String> mayPublish) {
    permissions = mayPublish;
  }

  /** Says how it is ended. */
  void renewedBy(Runnable end) {
    renewal = end;
  }

  /**
   * How long messages are under way until they are confirmed; zero before the first. It rises with
   * the slowest and falls slowly.
   */
  public Duration delay() {
    return delay.get();
  }

  /** A message was confirmed this long after it was published. */
  public void confirmedAfter(Duration time) {
    delay.updateAndGet(before -> slower(time, before));
  }

  private static Duration slower(Duration now, Duration before) {
    return now.compareTo(before) >= 0
        ? now
        : before.multipliedBy(SMOOTHING - 1).plus(now).dividedBy(SMOOTHING);
  }

  /** Whether the connection still stands, as far as is known. */
  public boolean isOpen() {
    return connection.getStatus() == Connection.Status.CONNECTED;
  }
}
