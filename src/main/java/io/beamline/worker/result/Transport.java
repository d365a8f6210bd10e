package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import java.util.concurrent.CompletableFuture;

/** Publishes messages to the server. Implementations are safe for several threads. */
interface Transport {

  /**
   * Publishes a message without waiting. The future completes when the server confirms it, or
   * fails.
   *
   * @throws IllegalStateException if the session is over
   */
  CompletableFuture<?> publish(NatsSession session, OutgoingMessage message);
}
