package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import java.util.concurrent.CompletableFuture;

/** How a message reaches the server. */
interface Transport {

  /**
   * Publishes without waiting. The future completes when the server has the message.
   *
   * @throws IllegalStateException when the session is over
   */
  CompletableFuture<?> publish(NatsSession session, Outgoing message);
}
