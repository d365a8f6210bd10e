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
 * Asks the consumer for messages: never more than the intake can judge at once, nor more bytes than
 * the link brings soon, nor more than the consumer allows. Used by one thread.
 */
final class Pulls {

  private static final Logger log = LoggerFactory.getLogger(Pulls.class);
  private static final int BATCH = 500;
  private static final Duration EXPIRES = Duration.ofSeconds(5);
  private static final long FEWEST_BYTES = 256L * 1024;
  private static final long MOST_BYTES = 8L * 1024 * 1024;

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
  private long bytes = FEWEST_BYTES;
  private boolean oneOfAnySize;

  /**
   * Nothing asked for yet.
   *
   * @param inbox where the messages come, and below it the pulls' ends
   */
  Pulls(NatsSession session, String durable, String inbox, LogThrottle throttle) {
    this.session = session;
    this.connection = session.connection();
    this.requests = "$JS.API.CONSUMER.MSG.NEXT." + session.stream() + "." + durable;
    this.inbox = inbox;
    this.terms = session.consumer();
    this.window = new PullWindow(batch(terms), expires(terms));
    this.throttle = throttle;
  }

  /** Asks for more unless enough are on their way. */
  void ask(long nowNanos) {
    followTerms();
    // What ends a pull comes late on a slow link, behind the messages.
    int wanted = window.wanted(nowNanos - session.delay().multipliedBy(2).toNanos());
    if (wanted == 0) {
      return;
    }
    PullRequestOptions.Builder pull =
        PullRequestOptions.builder(oneOfAnySize ? 1 : wanted).expiresIn(expires(terms));
    PullRequestOptions request =
        oneOfAnySize ? pull.build() : pull.maxBytes(Math.min(bytes, terms.maxBytes())).build();
    oneOfAnySize = false;
    long id = window.asked(request.getBatchSize(), nowNanos);
    connection.publish(requests, inbox + "." + id, request.serialize());
  }

  /** The consumer may have been edited. */
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
   * A pull has brought as many bytes as it asked for. The next asks for what the link brings in
   * about a second: replies and pings come behind it, and a message whose lease ends on its way is
   * delivered again.
   */
  private void adapt(Duration taken) {
    if (taken.compareTo(SLOW) > 0) {
      bytes = Math.max(FEWEST_BYTES, bytes / 2);
    } else if (taken.compareTo(QUICK) < 0) {
      bytes = Math.min(MOST_BYTES, bytes + FEWEST_BYTES);
    }
  }

  /** One message was delivered. */
  void delivered() {
    window.delivered();
  }

  /**
   * The server has said something about a pull.
   *
   * @throws SourceFailedException when it gives no more
   */
  void answered(Message message, Status status, long nowNanos) throws SourceFailedException {
    switch (PullStatus.of(status)) {
      case ENDED -> window.ended(id(message), undelivered(message));
      case FULL -> {
        long id = id(message);
        adapt(window.age(id, nowNanos));
        // A message that is larger than all that the pull asked for comes by itself.
        oneOfAnySize = window.ended(id, undelivered(message));
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

  /** The messages that a pull did not deliver, 0 when the server does not say. */
  private static int undelivered(Message message) {
    Headers headers = message.getHeaders();
    String text = headers == null ? null : headers.getFirst("Nats-Pending-Messages");
    return text == null ? 0 : Integer.parseInt(text);
  }
}
