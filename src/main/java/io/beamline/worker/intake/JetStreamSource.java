package io.beamline.worker.intake;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.result.Lease;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.support.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls from the durable consumer, in batches that the intake can judge at once; never sized to the
 * room in the queue, because a full queue must still reject. It pulls by hand over a plain
 * subscription: only that can be drained, so that at the end nothing is left that the server
 * believes delivered, and only that throws nothing away, however much it holds.
 */
final class JetStreamSource implements MessageSource {

  private static final Logger log = LoggerFactory.getLogger(JetStreamSource.class);
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final NatsSession session;
  private final String durable;
  private final Subscription subscription;
  private final Pulls pulls;
  private final TimeSource time;
  private boolean stopped;

  private JetStreamSource(
      NatsSession session,
      String durable,
      Subscription subscription,
      Pulls pulls,
      TimeSource time) {
    this.session = session;
    this.durable = durable;
    this.subscription = subscription;
    this.pulls = pulls;
    this.time = time;
  }

  /** Begins to read the consumer. */
  static JetStreamSource open(
      NatsSession session, String durable, TimeSource time, LogThrottle throttle)
      throws SourceFailedException {
    try {
      String inbox = session.connection().createInbox();
      Subscription subscription = session.connection().subscribe(inbox + ".*");
      subscription.setPendingLimits(-1, -1);
      Pulls pulls = new Pulls(session, durable, inbox, throttle);
      return new JetStreamSource(session, durable, subscription, pulls, time);
    } catch (IllegalStateException e) {
      throw new SourceFailedException("the consumer cannot be read: " + e.getMessage());
    }
  }

  @Override
  public @Nullable Delivery next(Duration wait) throws InterruptedException, SourceFailedException {
    try {
      Message message = message(wait);
      return message == null ? null : delivery(message);
    } catch (IllegalStateException e) {
      throw new SourceFailedException("the consumer cannot be read: " + e.getMessage());
    }
  }

  @Override
  public boolean redelivers() {
    return true;
  }

  @Override
  public void stop() throws InterruptedException {
    stopped = true;
    drain();
    forgetRequests();
  }

  /** What is on its way while this happens, the server gives at once to another reader. */
  private void drain() throws InterruptedException {
    try {
      Future<?> unused = subscription.drain(DRAIN);
    } catch (IllegalStateException e) {
      // The session is over, and with it the subscription.
    }
  }

  /**
   * Has the server forget what was asked for: a server of version 2.9 takes the next message that
   * is handed back out for a request that nobody listens to any more, and then keeps it until its
   * lease has passed. It clears such requests away when it is asked about the consumer.
   */
  private void forgetRequests() {
    try {
      ConsumerInfo unused =
          session.connection().jetStreamManagement().getConsumerInfo(session.stream(), durable);
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      log.atDebug()
          .addKeyValue("cause", e.getMessage())
          .log("The server was not told to forget requests; they end by themselves");
    }
  }

  /** The next message that is no status of a pull. */
  private @Nullable Message message(Duration wait)
      throws InterruptedException, SourceFailedException {
    while (true) {
      if (!stopped) {
        pulls.ask(time.nanos());
      }
      Message message = subscription.nextMessage(wait);
      Status status = message == null ? null : message.getStatus();
      if (message == null || status == null) {
        return message;
      }
      if (!stopped) {
        pulls.answered(message, status, time.nanos());
      }
    }
  }

  private Delivery delivery(Message message) {
    pulls.delivered();
    return new Delivery(
        message.getSubject(),
        message.getData(),
        message.getHeaders(),
        new Lease(message.getReplyTo(), session.streamIdentity(), time.nanos()),
        message.metaData().deliveredCount());
  }
}
