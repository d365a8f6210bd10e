package io.beamline.worker.cancellation;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.PullRequestOptions;
import io.nats.client.Subscription;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.impl.NatsJetStreamMetaData;
import io.nats.client.support.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Reads the stream of requests from an hour back, and goes on. Its consumer acknowledges nothing,
 * lies in the server's memory, and is gone soon after the session. If the server loses it, that is
 * noticed by a pull without an answer. Used by one thread.
 */
final class StreamRequests implements RequestSource {

  private static final int BATCH = 256;
  private static final Duration EXPIRES = Duration.ofSeconds(10);

  /** A pull whose end is not reported so long after it should have expired is lost. */
  private static final Duration LOST_AFTER = EXPIRES.plusSeconds(5);

  private static final String CONSUMER_PREFIX = "cancel-";
  private static final Duration KEPT_WITHOUT_PULL = Duration.ofMinutes(1);
  private static final String CONFLICT_OF_A_PULL = "batch completed";

  private final NatsSession session;
  private final Subscription subscription;
  private final String requests;
  private final String inbox;
  private final TimeSource time;
  private long left;
  private int requested;
  private long requestedNanos;

  private StreamRequests(
      NatsSession session,
      Subscription subscription,
      String requests,
      String inbox,
      long left,
      TimeSource time) {
    this.session = session;
    this.subscription = subscription;
    this.requests = requests;
    this.inbox = inbox;
    this.left = left;
    this.time = time;
  }

  /** Creates a consumer of the stream. */
  static StreamRequests open(NatsSession session, String stream, String subject, TimeSource time)
      throws IOException, JetStreamApiException {
    Instant from = Instant.ofEpochMilli(time.epochMillis()).minus(RequestStream.MAX_AGE);
    ConsumerInfo consumer =
        session
            .jetStream()
            .management()
            .createConsumer(
                stream,
                ConsumerConfiguration.builder()
                    .name(CONSUMER_PREFIX + NUID.nextGlobal())
                    .filterSubject(subject)
                    .deliverPolicy(DeliverPolicy.ByStartTime)
                    .startTime(from.atZone(ZoneOffset.UTC))
                    .ackPolicy(AckPolicy.None)
                    .inactiveThreshold(KEPT_WITHOUT_PULL)
                    .memStorage(true)
                    .numReplicas(1)
                    .build());
    try {
      String inbox = session.connection().createInbox();
      Subscription subscription = session.connection().subscribe(inbox);
      subscription.setPendingLimits(-1, -1);
      String requests =
          session.jetStream().subject("CONSUMER.MSG.NEXT." + stream + "." + consumer.getName());
      return new StreamRequests(
          session, subscription, requests, inbox, consumer.getNumPending(), time);
    } catch (IllegalStateException e) {
      throw new IOException("the session is over", e);
    }
  }

  @Override
  public @Nullable StoredMessage next(Duration wait) throws IOException, InterruptedException {
    try {
      request();
      Message message = subscription.nextMessage(wait);
      return message == null ? null : taken(message);
    } catch (IllegalStateException e) {
      throw new IOException("the stream of requests cannot be read", e);
    }
  }

  @Override
  public boolean hasCaughtUp() {
    return left <= 0;
  }

  @Override
  public void close() {
    try {
      subscription.unsubscribe();
    } catch (IllegalStateException e) {
      // The session is over, and with it the subscription.
    }
  }

  private void request() throws IOException {
    long now = time.nanos();
    if (requested > 0) {
      if (now - requestedNanos >= LOST_AFTER.toNanos()) {
        throw new IOException("the server does not answer for the stream of requests");
      }
      return;
    }
    requested = BATCH;
    requestedNanos = now;
    PullRequestOptions pull = PullRequestOptions.builder(BATCH).expiresIn(EXPIRES).build();
    session.connection().publish(requests, inbox, pull.serialize());
  }

  private @Nullable StoredMessage taken(Message message) throws IOException {
    Status status = message.getStatus();
    if (status != null) {
      ended(status);
      return null;
    }
    if (!message.isJetStream()) {
      // Somebody else has written to the inbox.
      return null;
    }
    NatsJetStreamMetaData place = message.metaData();
    requested--;
    left = place.pendingCount() == 0 ? 0 : left - 1;
    return new StoredMessage(message.getData(), place.timestamp().toInstant().toEpochMilli());
  }

  private void ended(Status status) throws IOException {
    boolean usual =
        switch (status.getCode()) {
          case Status.NOT_FOUND_CODE, Status.REQUEST_TIMEOUT_CODE -> true;
          case Status.CONFLICT_CODE ->
              CONFLICT_OF_A_PULL.equalsIgnoreCase(String.valueOf(status.getMessage()));
          default -> false;
        };
    if (!usual) {
      throw new IOException("the stream of requests: " + status.getMessageWithCode());
    }
    requested = 0;
    // The pull has not got all that it asked for, so there was nothing left.
    left = 0;
  }
}
