package io.beamline.worker.connection;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;

/** Finds and checks the streams and the consumer that a session needs. Used by one thread. */
interface SessionPreparation {

  /**
   * The time between two reviews. Each review costs one request of each worker. With the time that
   * the answer takes, what a review finds is at most 5 s old.
   */
  Duration REVIEW_INTERVAL = Duration.ofSeconds(4);

  /**
   * Returns a session on the connection, ready for use.
   *
   * @throws UnusableStreamException when an operator has to act
   * @throws JetStreamApiException when the server refuses a request
   * @throws IOException when the server does not answer
   */
  NatsSession prepare(Connection connection)
      throws UnusableStreamException, JetStreamApiException, IOException;

  /**
   * Checks again what a session needs. Changes by an operator are applied to the session. When the
   * consumer or a stream of answers is gone, the end of the session is requested. Called every
   * {@link #REVIEW_INTERVAL}, by the thread that called {@link #prepare}.
   *
   * @throws UnusableStreamException when an operator has to act
   * @throws JetStreamApiException when the server refuses a request
   * @throws IOException when the server does not answer in time
   */
  void review(NatsSession session)
      throws UnusableStreamException, JetStreamApiException, IOException;
}
