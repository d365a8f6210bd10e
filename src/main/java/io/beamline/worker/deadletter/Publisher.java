package io.beamline.worker.deadletter;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.PublishOptions;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;

/**
 * Publishes assignments, each confirmed by the server. For one thread.
 *
 * @param connection where to
 * @param subject on which subject
 * @param stream the stream that holds it
 * @param limit the largest message it takes, in bytes, headers included
 * @param duplicateWindow how long the server knows a message by its id
 */
record Publisher(
    Connection connection, String subject, String stream, long limit, Duration duplicateWindow) {

  /** Finds the stream of assignments. */
  static Publisher open(Connection connection, String subject)
      throws IOException, JetStreamApiException, CommandFailedException {
    StreamInfo info =
        Streams.require(connection.jetStreamManagement(), subject, "worker.nats.subjects.assign");
    long most = info.getConfiguration().getMaximumMessageSize();
    long limit = most > 0 ? Math.min(most, connection.getMaxPayload()) : connection.getMaxPayload();
    Duration window = info.getConfiguration().getDuplicateWindow();
    return new Publisher(
        connection,
        subject,
        info.getConfiguration().getName(),
        limit,
        window == null ? Duration.ZERO : window);
  }

  /** Publishes. False when the server had it already. */
  boolean publish(Replay.Ready replay) throws IOException, JetStreamApiException {
    PublishAck confirmed =
        connection
            .jetStream()
            .publish(
                NatsMessage.builder()
                    .subject(subject)
                    .headers(replay.headers())
                    .data(replay.body())
                    .build(),
                PublishOptions.builder().expectedStream(stream).build());
    return !confirmed.isDuplicate();
  }
}
