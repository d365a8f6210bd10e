package io.beamline.worker.connection;

import io.nats.client.Connection;
import java.time.Duration;
import java.util.Map;

/** Prepares core delivery, which needs no streams and no consumer. */
final class CorePreparation implements SessionPreparation {

  @Override
  public NatsSession prepare(Connection connection) {
    return new NatsSession(connection, "", "", ConsumerTerms.unlimited(Duration.ZERO), Map.of());
  }

  @Override
  public void review(NatsSession session) {}
}
