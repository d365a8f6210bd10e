package io.beamline.worker.deadletter;

import io.beamline.worker.connection.JetStreamApi;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Reads once the messages that a stream holds on a subject when the scan begins, a few at a time.
 * Later messages are left out. A scan acknowledges nothing, and its consumer is deleted at the end.
 * Used by one thread.
 */
final class StreamScan implements AutoCloseable {

  private static final int BATCH = 32;

  /** A letter may have more than 1 MiB, and a worker that serves steps has little heap to spare. */
  private static final int SMALL_BATCH = 8;

  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration KEPT_WITHOUT_PULL = Duration.ofMinutes(10);

  private final JetStreamManagement management;
  private final String stream;
  private final String consumer;
  private final JetStreamSubscription subscription;
  private final Queue<Message> batch = new ArrayDeque<>();
  private final int batchSize;
  private final long count;
  private long taken;

  /**
   * Starts a scan at a time.
   *
   * @param since the earliest time of a message; null for all
   * @param headersOnly whether the messages are delivered without their payloads
   */
  StreamScan(
      JetStreamApi jetStream,
      String stream,
      String subject,
      @Nullable Instant since,
      boolean headersOnly)
      throws IOException, JetStreamApiException {
    this(jetStream, stream, configuration(subject, since, headersOnly), BATCH);
  }

  /**
   * Starts a scan at a sequence number. It holds fewer messages at once than the others.
   *
   * @param since the earliest time of a message, used if the number is 1 or less; null for all
   */
  StreamScan(
      JetStreamApi jetStream, String stream, String subject, long sequence, @Nullable Instant since)
      throws IOException, JetStreamApiException {
    this(
        jetStream,
        stream,
        sequence > 1
            ? plain(subject)
                .deliverPolicy(DeliverPolicy.ByStartSequence)
                .startSequence(sequence)
                .build()
            : configuration(subject, since, false),
        SMALL_BATCH);
  }

  private StreamScan(
      JetStreamApi jetStream, String stream, ConsumerConfiguration configuration, int batchSize)
      throws IOException, JetStreamApiException {
    this.management = jetStream.management();
    this.stream = stream;
    this.batchSize = batchSize;
    ConsumerInfo made = management.createConsumer(stream, configuration);
    this.consumer = made.getName();
    this.count = made.getNumPending();
    this.subscription =
        jetStream.messages().subscribe(null, PullSubscribeOptions.bind(stream, consumer));
  }

  /** Returns how many messages the scan had at its start. */
  long count() {
    return count;
  }

  /** Returns the next message, or null if there is none left. */
  @Nullable Message next() throws IOException, JetStreamApiException {
    if (batch.isEmpty() && taken < count) {
      fetch();
    }
    taken++;
    return batch.poll();
  }

  /** Returns the next message up to a sequence number, or null if there is none left. */
  @Nullable Message nextUpTo(long last) throws IOException, JetStreamApiException {
    Message message = next();
    return message == null || message.metaData().streamSequence() > last ? null : message;
  }

  /** Fetches a batch. It may be empty at the end: messages may be deleted during the scan. */
  private void fetch() throws IOException, JetStreamApiException {
    batch.addAll(subscription.fetch((int) Math.min(batchSize, count - taken), FETCH_TIMEOUT));
    if (batch.isEmpty()
        && management.getConsumerInfo(stream, consumer).getCalculatedPending() > 0) {
      throw new IOException("the stream " + stream + " does not deliver what it holds");
    }
  }

  @Override
  public void close() {
    try {
      subscription.unsubscribe();
      management.deleteConsumer(stream, consumer);
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      // The server deletes the consumer once it is inactive.
    }
  }

  private static ConsumerConfiguration configuration(
      String subject, @Nullable Instant since, boolean headersOnly) {
    ConsumerConfiguration.Builder consumer = plain(subject).headersOnly(headersOnly);
    if (since != null) {
      consumer.deliverPolicy(DeliverPolicy.ByStartTime).startTime(since.atZone(ZoneOffset.UTC));
    }
    return consumer.build();
  }

  private static ConsumerConfiguration.Builder plain(String subject) {
    return ConsumerConfiguration.builder()
        .filterSubject(subject)
        .ackPolicy(AckPolicy.None)
        .maxDeliver(1)
        .inactiveThreshold(KEPT_WITHOUT_PULL)
        .memStorage(true);
  }
}
