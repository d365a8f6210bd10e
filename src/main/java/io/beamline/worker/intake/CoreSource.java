package io.beamline.worker.intake;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.result.Delivery;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Takes messages of a core NATS queue group: each goes to one worker, at most once. */
final class CoreSource implements MessageSource {

  private final Subscription subscription;

  private CoreSource(Subscription subscription) {
    this.subscription = subscription;
  }

  /** Joins the queue group. */
  static CoreSource open(NatsSession session, String subject, String queueGroup)
      throws SourceFailedException {
    try {
      Subscription subscription = session.connection().subscribe(subject, queueGroup);
      subscription.setPendingLimits(-1, -1);
      return new CoreSource(subscription);
    } catch (IllegalStateException e) {
      throw new SourceFailedException("the subject cannot be read: " + e.getMessage());
    }
  }

  @Override
  public @Nullable Delivery next(Duration wait) throws InterruptedException, SourceFailedException {
    try {
      Message message = subscription.nextMessage(wait);
      return message == null
          ? null
          : new Delivery(message.getSubject(), message.getData(), message.getHeaders(), null, 1);
    } catch (IllegalStateException e) {
      throw new SourceFailedException("the subject cannot be read: " + e.getMessage());
    }
  }

  @Override
  public void stop() throws InterruptedException {
    SubscriptionDrain.begin(subscription);
  }
}
