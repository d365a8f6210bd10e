package io.beamline.worker.connection;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;

/** Makes a fresh connection ready for use. */
interface SessionPreparation {

  /**
   * The session on a connection.
   *
   * @throws UnusableStreamException when an operator has to act
   * @throws JetStreamApiException when the server refuses a request
   * @throws IOException when the server does not answer
   */
  NatsSession prepare(Connection connection)
      throws UnusableStreamException, JetStreamApiException, IOException;
}
