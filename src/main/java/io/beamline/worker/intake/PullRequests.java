package io.beamline.worker.intake;

import io.beamline.worker.connection.ConsumerTerms;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.observability.logging.LogThrottle;
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
 * what the link can carry in about a second, and what the consumer allows. Used by one thread.
 */
final class PullRequests {

  private static final Logger log = LoggerFactory.getLogger(PullRequests.class);
  private static final int BATCH = 500;
  private static final Duration EXPIRES = Duration.ofSeconds(5);
  private static final long MIN_BYTES = 256L * 1024;
  private static final long MAX_BYTES = 8L * 1024 * 1024;

  /** After a pull that brought all its bytes sooner, the next asks for more. */
  private static final Duration QUICK = Duration.ofMillis(500);

  /** After a pull that took longer, the next asks for fewer. */
  private static final Duration SLOW = Duration.ofSeconds(1);

  private final NatsSession session;
  private final Connection connection;
  private final String requests;
  private final String inbox;
  private final PullWindow window;
  private ConsumerTerms terms;
  private final LogThrottle throttle;
  private long bytes = MIN_BYTES;
  private boolean withoutByteLimit;

  /**
   * Creates it; nothing is requested yet.
   *
   * @param inbox the subject for messages; the statuses of pulls arrive below it
   */
  PullRequests(NatsSession session, String durable, String inbox, LogThrottle throttle) {
    this.session = session;
    this.connection = session.connection();
    this.requests = "$JS.API.CONSUMER.MSG.NEXT." + session.stream() + "." + durable;
    this.inbox = inbox;
    this.terms = session.consumer();
    this.window = new PullWindow(batch(terms), expires(terms));
    this.throttle = throttle;
  }

  /** Requests more messages, unless enough are requested already. */
  void request(long nowNanos) {
    followTerms();
    // On a slow link the status of a pull arrives late, behind its messages.
    int wanted = window.wanted(nowNanos - session.delay().multipliedBy(2).toNanos());
    if (wanted == 0) {
      return;
    }
    PullRequestOptions.Builder pull =
        PullRequestOptions.builder(withoutByteLimit ? 1 : wanted).expiresIn(expires(terms));
    PullRequestOptions request =
        withoutByteLimit ? pull.build() : pull.maxBytes(Math.min(bytes, terms.maxBytes())).build();
    withoutByteLimit = false;
    long id = window.requested(request.getBatchSize(), nowNanos);
    connection.publish(requests, inbox + "." + id, request.serialize());
  }

  /** Takes the terms of the consumer as they are now, because it may have been edited. */
  private void followTerms() {
    terms = session.consumer();
    window.resize(batch(terms), expires(terms));
  }

  private static int batch(ConsumerTerms terms) {
    return Math.min(BATCH, terms.maxBatch());
  }

  private static Duration expires(ConsumerTerms terms) {
    return Durations.shorter(EXPIRES, terms.maxExpires());
  }

  /**
   * Adapts the bytes of the next pull after one that was filled. The next requests what the link
   * carries in about a second: replies and pings queue behind it, and a message whose lease ends on
   * its way is delivered again.
   *
   * @param taken the time that the filled pull took
   */
  private void adapt(Duration taken) {
    if (taken.compareTo(SLOW) > 0) {
      bytes = Math.max(MIN_BYTES, bytes / 2);
    } else if (taken.compareTo(QUICK) < 0) {
      bytes = Math.min(MAX_BYTES, bytes + MIN_BYTES);
    }
  }

  /** Records that one message was delivered. */
  void delivered() {
    window.delivered();
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
        adapt(window.age(id, nowNanos));
        // The next message is larger than a whole pull: request it alone, without a limit.
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
