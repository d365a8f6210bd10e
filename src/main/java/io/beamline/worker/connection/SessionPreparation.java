package io.beamline.worker.connection;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;

/** Makes a fresh connection ready for use. */
interface SessionPreparation {

  /** How old what is known of the consumer gets; a request of each worker each time. */
  Duration REVIEW_EACH = Duration.ofSeconds(5);

  /**
   * The session on a connection.
   *
   * @throws UnusableStreamException when an operator has to act
   * @throws JetStreamApiException when the server refuses a request
   * @throws IOException when the server does not answer
   */
  NatsSession prepare(Connection connection)
      throws UnusableStreamException, JetStreamApiException, IOException;

  /**
   * Looks again at what a session needs, and has it follow what was edited; what is gone ends it.
   * To be called every {@link #REVIEW_EACH}, by the thread that called {@link #prepare}.
   *
   * @throws UnusableStreamException when an operator has to act
   * @throws JetStreamApiException when the server refuses a request
   * @throws IOException when the server does not answer in time
   */
  void review(NatsSession session)
      throws UnusableStreamException, JetStreamApiException, IOException;
}
