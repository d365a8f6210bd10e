package io.beamline.worker.intake;

import io.beamline.worker.connection.ConsumerTerms;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.queue.PullLimit;
import io.beamline.worker.timeout.Durations;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.PullRequestOptions;
import io.nats.client.impl.Headers;
import io.nats.client.support.Status;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends pull requests to the consumer. Each requests at most what the intake can handle at once,
 * what the link can carry in about a second, and what the consumer's terms allow. Used by one
 * thread.
 */
final class PullRequests {

  private static final Logger log = LoggerFactory.getLogger(PullRequests.class);
  private static final int BATCH = 500;
  private static final Duration EXPIRES = Duration.ofSeconds(5);

  /**
   * How long a request lasts that suits only what arrived lately: what arrives may soon be
   * something else.
   */
  private static final Duration SHORT_EXPIRES = Duration.ofMillis(200);

  private final NatsSession session;
  private final Connection connection;
  private final String requests;
  private final String inbox;
  private final PullWindow window;
  private ConsumerTerms terms;
  private Duration expires;
  private final LogThrottle throttle;
  private final PullSize size;
  private boolean withoutByteLimit;

  /**
   * Creates it; nothing is requested yet.
   *
   * @param inbox the prefix of the subjects to which the server sends messages and the statuses of
   *     pulls
   */
  PullRequests(NatsSession session, String durable, String inbox, LogThrottle throttle) {
    this.session = session;
    this.connection = session.connection();
    this.requests =
        session.jetStream().subject("CONSUMER.MSG.NEXT." + session.stream() + "." + durable);
    this.inbox = inbox;
    this.terms = session.consumerTerms();
    this.size = PullSize.of(connection.getServerInfo());
    this.expires = Durations.shorter(EXPIRES, terms.maxExpires());
    this.window = new PullWindow(batch(), expires);
    this.throttle = throttle;
  }

  /**
   * Requests more messages, unless enough are requested already.
   *
   * @param limit how many may be requested and not yet delivered
   */
  void request(PullLimit limit, long nowNanos) {
    followTerms(limit);
    int wanted = window.wanted(withGrace(nowNanos));
    if (wanted == 0) {
      return;
    }
    PullRequestOptions.Builder pull =
        PullRequestOptions.builder(withoutByteLimit ? 1 : wanted).expiresIn(expires);
    if (size.limitsBytes() && !withoutByteLimit) {
      pull.maxBytes(size.bytes(terms.maxBytes()));
    }
    PullRequestOptions request = pull.build();
    withoutByteLimit = false;
    long id = window.requested(request.getBatchSize(), nowNanos);
    connection.publish(requests, inbox + "." + id, request.serialize());
  }

  /**
   * Returns whether so much is requested that {@link #request} would request no more, whatever the
   * limit is. This spares a fast worker to determine the limit for each message.
   */
  boolean suffice(long nowNanos) {
    return window.holdsMoreThan(batch() / 2, withGrace(nowNanos));
  }

  /** Takes the terms of the consumer as they are now, because an operator may have edited it. */
  private void followTerms(PullLimit limit) {
    terms = session.consumerTerms();
    int messages = Math.min(batch(), limit.messages());
    expires =
        Durations.shorter(
            messages > limit.forAnyMix() ? SHORT_EXPIRES : EXPIRES, terms.maxExpires());
    window.resize(messages, expires);
  }

  /**
   * Returns the time by which pulls expire. On a slow link the status of a pull arrives late,
   * behind its messages. So a pull that should have expired still counts for a while.
   */
  private long withGrace(long nowNanos) {
    return nowNanos - 2 * session.confirmationTime().toNanos();
  }

  /** Returns whether anything was requested. */
  boolean hasRequested() {
    return window.hasRequested();
  }

  private int batch() {
    return size.messages(Math.min(BATCH, terms.maxBatch()), terms.maxBytes());
  }

  /** Records that one message was delivered, and its size in bytes. */
  void delivered(long bytes, long nowNanos) {
    size.delivered(bytes);
    Duration filled = window.delivered(nowNanos);
    if (filled != null && !size.limitsBytes()) {
      size.filledIn(filled);
    }
  }

  /**
   * Handles a status of the server about a pull.
   *
   * @throws SourceFailedException if the consumer delivers no more
   */
  void statusReceived(Message message, Status status, long nowNanos) throws SourceFailedException {
    switch (PullStatus.of(status)) {
      case ENDED -> window.ended(id(message), undelivered(message));
      case FULL -> {
        long id = id(message);
        size.filledIn(window.age(id, nowNanos));
        // If the pull delivered nothing, the next message is larger than a whole pull: request it
        // alone, without a limit.
        withoutByteLimit = window.ended(id, undelivered(message));
      }
      case GONE ->
          log.atDebug().addKeyValue("status", status.getMessageWithCode()).log("A pull ended");
      case REFUSED -> warn(status.getMessageWithCode());
      case LOST ->
          throw new SourceFailedException(
              "the consumer cannot be read: " + status.getMessageWithCode());
    }
  }

  private void warn(String status) {
    throttle.log(
        log.atWarn().addKeyValue("status", status),
        "The consumer refuses a pull: it takes fewer assignments than the worker asks for");
  }

  private long id(Message message) {
    return Long.parseLong(message.getSubject().substring(inbox.length() + 1));
  }

  /**
   * Returns the number of messages that a pull did not deliver; 0 if the server does not report it.
   */
  private static int undelivered(Message message) {
    Headers headers = message.getHeaders();
    String text = headers == null ? null : headers.getFirst("Nats-Pending-Messages");
    return text == null ? 0 : Integer.parseInt(text);
  }
}
