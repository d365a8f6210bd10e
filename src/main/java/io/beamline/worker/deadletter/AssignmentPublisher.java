package io.beamline.worker.deadletter;

import io.beamline.worker.connection.JetStreamApi;
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
    JetStreamApi jetStream, String subject, String stream, long maxSize, Duration duplicateWindow) {

  /**
   * Returns a publisher for the stream that holds a subject.
   *
   * @throws CommandFailedException when there is no such stream
   */
  static AssignmentPublisher open(JetStreamApi jetStream, String subject)
      throws IOException, JetStreamApiException, CommandFailedException {
    StreamInfo info =
        Streams.require(jetStream.management(), subject, "worker.nats.subjects.assign");
    long most = info.getConfiguration().getMaximumMessageSize();
    long maxSize =
        most > 0
            ? Math.min(most, jetStream.connection().getMaxPayload())
            : jetStream.connection().getMaxPayload();
    Duration window = info.getConfiguration().getDuplicateWindow();
    return new AssignmentPublisher(
        jetStream,
        subject,
        info.getConfiguration().getName(),
        maxSize,
        window == null ? Duration.ZERO : window);
  }

  /**
   * Publishes an assignment. Returns false if the server dropped it as a duplicate.
   *
   * @throws CommandFailedException when a stream of another JetStream domain has confirmed it
   */
  boolean publish(Replay.Ready replay)
      throws IOException, JetStreamApiException, CommandFailedException {
    PublishAck confirmed =
        jetStream
            .messages()
            .publish(
                NatsMessage.builder()
                    .subject(subject)
                    .headers(replay.headers())
                    .data(replay.body())
                    .build(),
                PublishOptions.builder().expectedStream(stream).build());
    if (!jetStream.isConfirmedBy(confirmed.getDomain())) {
      throw new CommandFailedException(
          jetStream.describeForeignStream(subject) + ", and replay again");
    }
    return !confirmed.isDuplicate();
  }
}
