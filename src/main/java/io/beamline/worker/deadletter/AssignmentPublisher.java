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
 * Publishes assignments and waits until the server has confirmed each. Used by one thread.
 *
 * @param subject the subject of assignments
 * @param stream the name of the stream that holds this subject
 * @param maxSize the size of the largest message that the stream accepts, in bytes with headers
 * @param duplicateWindow how long the server drops a message with an id that it knows
 */
record AssignmentPublisher(
    Connection connection, String subject, String stream, long maxSize, Duration duplicateWindow) {

  /**
   * Returns a publisher for the stream that holds a subject.
   *
   * @throws CommandFailedException when there is no such stream
   */
  static AssignmentPublisher open(Connection connection, String subject)
      throws IOException, JetStreamApiException, CommandFailedException {
    StreamInfo info =
        Streams.require(connection.jetStreamManagement(), subject, "worker.nats.subjects.assign");
    long most = info.getConfiguration().getMaximumMessageSize();
    long maxSize =
        most > 0 ? Math.min(most, connection.getMaxPayload()) : connection.getMaxPayload();
    Duration window = info.getConfiguration().getDuplicateWindow();
    return new AssignmentPublisher(
        connection,
        subject,
        info.getConfiguration().getName(),
        maxSize,
        window == null ? Duration.ZERO : window);
  }

  /** Publishes an assignment. Returns false if the server dropped it as a duplicate. */
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
