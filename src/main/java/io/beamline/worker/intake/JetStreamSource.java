package io.beamline.worker.intake;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.result.Lease;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.ConsumerInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls from the durable consumer, in batches that the intake can judge at once; never sized to the
 * room in the queue, because a full queue must still reject. It pulls by hand, because only a plain
 * subscription can be drained: at the end nothing is left that the server believes delivered.
 */
final class JetStreamSource implements MessageSource {

  private static final Logger log = LoggerFactory.getLogger(JetStreamSource.class);
  private static final int BATCH = 500;
  private static final Duration EXPIRES = Duration.ofSeconds(5);
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final JetStreamSubscription subscription;
  private final String streamIdentity;
  private final TimeSource time;
  private final PullWindow window = new PullWindow(BATCH, EXPIRES);
  private boolean stopped;

  private JetStreamSource(
      JetStreamSubscription subscription, String streamIdentity, TimeSource time) {
    this.subscription = subscription;
    this.streamIdentity = streamIdentity;
    this.time = time;
  }

  /** Binds to the consumer. */
  static JetStreamSource open(NatsSession session, String durable, TimeSource time)
      throws SourceFailedException {
    try {
      JetStreamSubscription subscription =
          session
              .connection()
              .jetStream()
              .subscribe(null, PullSubscribeOptions.bind(session.stream(), durable));
      return new JetStreamSource(subscription, session.streamIdentity(), time);
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      throw new SourceFailedException("the consumer cannot be read: " + e.getMessage());
    }
  }

  @Override
  public @Nullable Delivery next(Duration wait) throws InterruptedException, SourceFailedException {
    try {
      pull();
      Message message = subscription.nextMessage(wait);
      if (message == null) {
        return null;
      }
      window.delivered();
      return delivery(message);
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
      ConsumerInfo unused = subscription.getConsumerInfo();
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      log.atDebug()
          .addKeyValue("cause", e.getMessage())
          .log("The server was not told to forget requests; they end by themselves");
    }
  }

  private void pull() {
    if (stopped) {
      return;
    }
    int more = window.ask(time.nanos());
    if (more > 0) {
      subscription.pullExpiresIn(more, EXPIRES);
    }
  }

  private Delivery delivery(Message message) {
    return new Delivery(
        message.getSubject(),
        message.getData(),
        message.getHeaders(),
        new Lease(message.getReplyTo(), streamIdentity, time.nanos()),
        message.metaData().deliveredCount());
  }
}
