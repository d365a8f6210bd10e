package io.beamline.worker.support;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamInfoOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/**
 * The streams of Router and worker: made as an operator would, and read to count for real. A server
 * that does not answer is asked again for a while: after its restart this connection may come back
 * later than the one of the worker under test.
 */
public final class RouterStreams {

  private static final Duration RETENTION = Duration.ofDays(7);
  private static final Duration DUPLICATE_WINDOW = Duration.ofMinutes(5);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration RETRY = Duration.ofMillis(100);

  private final Connection connection;
  private final Subjects subjects;

  RouterStreams(Connection connection, Subjects subjects) {
    this.connection = connection;
    this.subjects = subjects;
  }

  /** Makes the streams that are missing, as contract section 1 describes them. */
  public void provision() {
    provision("ASSIGNMENTS", subjects.assign(), RetentionPolicy.WorkQueue);
    provision("ACKS", subjects.ack(), RetentionPolicy.Limits);
    provision("RESULTS", subjects.result(), RetentionPolicy.Limits);
    provision("DEAD_LETTERS", subjects.dlq(), RetentionPolicy.Limits);
  }

  /** Every ack that is stored, in order. */
  public List<WireMessage> storedAcks() {
    return messages(subjects.ack());
  }

  /** Every result that is stored, in order. */
  public List<WireMessage> storedResults() {
    return messages(subjects.result());
  }

  /** Every dead letter that is stored, in order. */
  public List<WireMessage> storedDeadLetters() {
    return messages(subjects.dlq());
  }

  /** Every message that is stored on a subject, in order, and when the server stored it. */
  public List<Stored> read(String subject) {
    long count = stored(subject);
    return count == 0 ? List.of() : read(subject, count);
  }

  /** Assignments that no worker has acknowledged to the server yet. */
  public long unacknowledgedAssignments() {
    return stored(subjects.assign());
  }

  /** The books of the workers' consumer. */
  public Books books() {
    return Books.of(consumer(), unacknowledgedAssignments());
  }

  /** The one consumer of the stream of assignments, as the server has it now. */
  public ConsumerInfo consumer() {
    return calling(
        management -> {
          String stream = management.getStreamNames(subjects.assign()).getFirst();
          return management.getConsumers(stream).getFirst();
        });
  }

  /** How many messages a subject's stream holds on it; 0 without a stream. */
  public long stored(String subject) {
    return calling(
        management -> {
          List<String> names = management.getStreamNames(subject);
          if (names.isEmpty()) {
            return 0L;
          }
          StreamInfo info =
              management.getStreamInfo(names.getFirst(), StreamInfoOptions.filterSubjects(subject));
          return info.getStreamState().getSubjectMap().getOrDefault(subject, 0L);
        });
  }

  private void provision(String name, String subject, RetentionPolicy retention) {
    calling(
        management -> {
          if (management.getStreamNames(subject).isEmpty()) {
            var stream =
                StreamConfiguration.builder()
                    .name(name)
                    .subjects(subject)
                    .retentionPolicy(retention)
                    .storageType(StorageType.File)
                    .duplicateWindow(DUPLICATE_WINDOW);
            if (retention == RetentionPolicy.Limits) {
              stream.maxAge(RETENTION);
            }
            add(management, stream.build(), subject);
          }
          return name;
        });
  }

  /** Adds a stream, unless a worker has made one for the subject meanwhile. */
  private static void add(
      JetStreamManagement management, StreamConfiguration stream, String subject)
      throws IOException, JetStreamApiException {
    try {
      management.addStream(stream);
    } catch (JetStreamApiException e) {
      if (management.getStreamNames(subject).isEmpty()) {
        throw e;
      }
    }
  }

  private List<WireMessage> messages(String subject) {
    return read(subject).stream().map(Stored::message).toList();
  }

  private List<Stored> read(String subject, long count) {
    return calling(
        management -> {
          List<Stored> messages = new ArrayList<>();
          JetStreamSubscription subscription =
              connection
                  .jetStream()
                  .subscribe(subject, PushSubscribeOptions.builder().ordered(true).build());
          try {
            while (messages.size() < count) {
              Message message = subscription.nextMessage(Duration.ofSeconds(10));
              if (message == null) {
                throw new IllegalStateException(
                    "read " + messages.size() + " of " + count + " messages of " + subject);
              }
              messages.add(Stored.of(message));
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            subscription.unsubscribe();
          }
          return List.copyOf(messages);
        });
  }

  private <T> T calling(Call<T> call) {
    long start = System.nanoTime();
    while (true) {
      try {
        return call.on(connection.jetStreamManagement());
      } catch (IOException e) {
        // The client itself waits 2 s for each answer.
        if (System.nanoTime() - start > PATIENCE.toNanos()
            || Thread.currentThread().isInterrupted()) {
          throw new UncheckedIOException(e);
        }
        LockSupport.parkNanos(RETRY.toNanos());
      } catch (JetStreamApiException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * What the server says about the workers' consumer.
   *
   * @param undelivered messages that nobody was given yet
   * @param unacknowledged messages that were given and not acknowledged
   * @param deliveries how often a message was given to somebody, ever
   * @param ackWait how long the server waits for an acknowledgement until it gives a message again
   * @param rest what else it says, for a complaint
   */
  public record Books(
      long undelivered, long unacknowledged, long deliveries, Duration ackWait, String rest) {

    static Books of(ConsumerInfo consumer, long held) {
      return new Books(
          consumer.getNumPending(),
          consumer.getNumAckPending(),
          consumer.getDelivered().getConsumerSequence(),
          Objects.requireNonNull(consumer.getConsumerConfiguration().getAckWait()),
          "%d redelivered, delivered up to %d, acknowledged up to %d; the stream holds %d"
              .formatted(
                  consumer.getRedelivered(),
                  consumer.getDelivered().getStreamSequence(),
                  consumer.getAckFloor().getStreamSequence(),
                  held));
    }
  }

  private interface Call<T> {
    T on(JetStreamManagement management) throws IOException, JetStreamApiException;
  }

  /**
   * A message of a stream.
   *
   * @param message what it says
   * @param at when the server stored it
   */
  public record Stored(WireMessage message, Instant at) {

    static Stored of(Message message) {
      return new Stored(WireMessage.of(message), message.metaData().timestamp().toInstant());
    }
  }
}
