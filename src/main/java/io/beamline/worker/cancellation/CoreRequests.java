package io.beamline.worker.cancellation;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A plain subscription, for core delivery: what is published while the worker does not listen is
 * lost. Used by one thread.
 */
final class CoreRequests implements RequestSource {

  private final Subscription subscription;
  private final TimeSource time;

  private CoreRequests(Subscription subscription, TimeSource time) {
    this.subscription = subscription;
    this.time = time;
  }

  static CoreRequests open(NatsSession session, String subject, TimeSource time)
      throws IOException {
    try {
      Subscription subscription = session.connection().subscribe(subject);
      subscription.setPendingLimits(-1, -1);
      return new CoreRequests(subscription, time);
    } catch (IllegalStateException e) {
      throw new IOException("the session is over", e);
    }
  }

  @Override
  public @Nullable StoredMessage next(Duration wait) throws IOException, InterruptedException {
    try {
      Message message = subscription.nextMessage(wait);
      return message == null ? null : new StoredMessage(message.getData(), time.epochMillis());
    } catch (IllegalStateException e) {
      throw new IOException("the subject is not read any more", e);
    }
  }

  @Override
  public boolean hasCaughtUp() {
    return true;
  }

  @Override
  public void close() {
    try {
      subscription.unsubscribe();
    } catch (IllegalStateException e) {
      // The session is over, and with it the subscription.
    }
  }
}
