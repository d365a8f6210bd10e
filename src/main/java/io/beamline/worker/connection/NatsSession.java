package io.beamline.worker.connection;

import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One connection to NATS, from its opening to its end. It never reconnects: the client would send
 * messages that it still holds for the old server to the new one. Compared by identity. Any thread
 * may use it: its changing fields are volatile or atomic, and the client's connection is
 * thread-safe.
 */
public final class NatsSession {

  /** Bounds the wait if the client does not notice the end of its connection. */
  private static final Duration FLUSH_TIMEOUT = Duration.ofMinutes(5);

  private static final int SMOOTHING_FACTOR = 8;

  private final Connection connection;
  private final JetStreamApi jetStream;
  private final String stream;
  private final String streamIdentity;
  private volatile ConsumerTerms consumerTerms;
  private volatile long backlog;
  private volatile Map<String, Long> streamLimits;
  private volatile String deadLetterProblem = "";
  private final AtomicLong confirmationNanos = new AtomicLong();
  private final AtomicBoolean streamCheckRequested = new AtomicBoolean();
  private volatile Runnable endRequest = () -> {};
  private volatile Predicate<String> publishCheck = subject -> true;

  /**
   * Creates a session that is ready for use.
   *
   * @param jetStream the connection, and the JetStream that is used over it
   * @param stream the stream of assignments; empty in core delivery
   * @param streamIdentity the stream's name and creation time as one text; empty in core delivery
   * @param consumerTerms the terms of the consumer
   * @param streamLimits the largest message of each subject whose stream has a limit, in bytes
   */
  NatsSession(
      JetStreamApi jetStream,
      String stream,
      String streamIdentity,
      ConsumerTerms consumerTerms,
      Map<String, Long> streamLimits) {
    this.connection = jetStream.connection();
    this.jetStream = jetStream;
    this.stream = stream;
    this.streamIdentity = streamIdentity;
    this.consumerTerms = consumerTerms;
    this.streamLimits = Map.copyOf(streamLimits);
  }

  /** Returns the connection. It never reconnects by itself. */
  public Connection connection() {
    return connection;
  }

  /** Returns the JetStream with the streams, the consumer and the buckets. */
  public JetStreamApi jetStream() {
    return jetStream;
  }

  /**
   * Publishes a message, also on an interrupted thread: there the client alone may drop it without
   * an exception. The message may be sent twice, so duplicates must do no harm.
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
   * Returns the name and creation time of the stream of assignments as one text. The text differs
   * from that of an older stream of the same name. Empty in core delivery.
   */
  public String streamIdentity() {
    return streamIdentity;
  }

  /** Returns how long a lease lasts, by the latest terms. Zero in core delivery. */
  public Duration ackWait() {
    return consumerTerms.ackWait();
  }

  /** Returns the latest known terms of the consumer. They may change during the session. */
  public ConsumerTerms consumerTerms() {
    return consumerTerms;
  }

  /**
   * Returns the number of assignments in the stream that were never delivered, at most 5 s old.
   * Zero in core delivery.
   */
  public long backlog() {
    return backlog;
  }

  /** Sets the terms of the consumer, and its backlog. */
  void updateConsumer(ConsumerState consumer) {
    consumerTerms = consumer.terms();
    backlog = consumer.backlog();
  }

  /**
   * Sets what is known of the streams of answers.
   *
   * @param limits the largest message of each subject whose stream has a limit, in bytes
   * @param noDeadLetters why dead letters cannot be stored now; empty when they can
   */
  void updateAnswerStreams(Map<String, Long> limits, String noDeadLetters) {
    streamLimits = Map.copyOf(limits);
    deadLetterProblem = noDeadLetters;
  }

  /**
   * Returns why dead letters cannot be stored now, at most 30 s old. Empty when they can, as far as
   * is known.
   */
  String deadLetterProblem() {
    return deadLetterProblem;
  }

  /**
   * Returns the largest message that the server accepts on a subject, in bytes, headers included.
   */
  public long limit(String subject) {
    long maxPayload = connection.getMaxPayload();
    return Math.min(maxPayload, streamLimits.getOrDefault(subject, maxPayload));
  }

  /**
   * Requests the end of this session, and returns at once. The next session checks the streams and
   * the consumer again and creates missing ones if it may.
   */
  public void requestEnd() {
    endRequest.run();
  }

  /**
   * Requests a check of the streams with the next review. If one is missing, the session ends.
   * Returns at once.
   */
  public void requestStreamCheck() {
    streamCheckRequested.set(true);
  }

  /** Returns whether a check of the streams was requested since the last call. */
  boolean takeStreamCheckRequest() {
    return streamCheckRequested.getAndSet(false);
  }

  /**
   * Returns whether the worker may publish to a subject, as far as is known. If not, requesting the
   * end of the session is no use: while a permission is missing, a new login follows every minute.
   */
  public boolean mayPublish(String subject) {
    return publishCheck.test(subject);
  }

  /** Sets the check that {@link #mayPublish} uses. */
  void setPublishCheck(Predicate<String> mayPublish) {
    publishCheck = mayPublish;
  }

  /** Sets what {@link #requestEnd} runs. */
  void onEndRequested(Runnable end) {
    endRequest = end;
  }

  /**
   * Returns how long confirmations take at present, from publishing a message to its confirmation.
   * A slower confirmation counts at once, a faster one by an eighth. Zero before the first one.
   */
  public Duration confirmationTime() {
    return Duration.ofNanos(confirmationNanos.get());
  }

  /** Records the time from publishing a message to its confirmation, in ns. Allocates nothing. */
  public void confirmedAfter(long nanos) {
    confirmationNanos.accumulateAndGet(nanos, NatsSession::smoothed);
  }

  private static long smoothed(long before, long latest) {
    return latest >= before ? latest : before - (before - latest) / SMOOTHING_FACTOR;
  }

  /** Returns whether the connection is open, as far as the client knows. */
  public boolean isOpen() {
    return connection.getStatus() == Connection.Status.CONNECTED;
  }
}
