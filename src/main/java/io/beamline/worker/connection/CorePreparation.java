package io.beamline.worker.connection;

import io.nats.client.Connection;
import java.time.Duration;
import java.util.Map;

/** Prepares core delivery, which needs no streams and no consumer. */
final class CorePreparation implements SessionPreparation {

  private final String domain;

  /**
   * Creates a preparation.
   *
   * @param domain the JetStream domain of the bucket of flags; empty for the default one
   */
  CorePreparation(String domain) {
    this.domain = domain;
  }

  @Override
  public NatsSession prepare(Connection connection) {
    JetStreamApi jetStream = new JetStreamApi(connection, domain);
    return new NatsSession(jetStream, "", "", ConsumerTerms.unlimited(Duration.ZERO), Map.of());
  }

  @Override
  public void review(NatsSession session) {}
}
