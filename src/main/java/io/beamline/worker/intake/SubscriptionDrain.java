package io.beamline.worker.intake;

import io.nats.client.Subscription;
import java.time.Duration;
import java.util.concurrent.Future;

/** Ends a subscription so that what was delivered before can still be read. */
final class SubscriptionDrain {

  private static final Duration LIMIT = Duration.ofSeconds(5);

  private SubscriptionDrain() {}

  static void begin(Subscription subscription) throws InterruptedException {
    try {
      Future<?> unused = subscription.drain(LIMIT);
    } catch (IllegalStateException e) {
      // The session is over, and with it the subscription.
    }
  }
}
