package io.beamline.worker.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** Makes suspects: takes the next assignment and hands it back, as many workers would. */
public final class Redelivery {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Redelivery() {}

  /** Waits until no worker asks for assignments. */
  public static void awaitNobodyAsks(Connection connection, String stream, String durable) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                connection.jetStreamManagement().getConsumerInfo(stream, durable).getNumWaiting()
                    == 0);
  }

  /** Takes whatever comes next and hands it back, until one was delivered so many times. */
  public static void of(Connection connection, String stream, String durable, int deliveries) {
    try {
      JetStreamSubscription subscription =
          connection.jetStream().subscribe(null, PullSubscribeOptions.bind(stream, durable));
      try {
        long delivered = 0;
        while (delivered < deliveries) {
          List<Message> next = subscription.fetch(1, PATIENCE);
          assertThat(next).as("delivered %d times so far", delivered).hasSize(1);
          delivered = next.getFirst().metaData().deliveredCount();
          next.getFirst().nak();
        }
      } finally {
        subscription.unsubscribe();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JetStreamApiException e) {
      throw new IllegalStateException(e);
    }
  }
}
