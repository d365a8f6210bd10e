package io.beamline.worker.bench;

import io.beamline.worker.support.Subjects;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.PublishAck;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** The streams of one server, as the worker would make them. Used by one thread. */
final class Streams {

  static final String ASSIGNMENTS = "ASSIGNMENTS";
  static final String DURABLE = "caf-workers";

  private static final String ACKS = "ACKS";
  private static final String RESULTS = "RESULTS";
  private static final String DEAD_LETTERS = "DEAD_LETTERS";
  private static final Subjects SUBJECTS = Subjects.STANDARD;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK_EACH = Duration.ofMillis(50);
  private static final int MOST_BYTES_ON_THEIR_WAY = 2 * 1024 * 1024;

  private final JetStream jetStream;
  private final JetStreamManagement management;

  private Streams(JetStream jetStream, JetStreamManagement management) {
    this.jetStream = jetStream;
    this.management = management;
  }

  /** Makes them. */
  static Streams make(Connection connection) {
    return calling(
        () -> {
          Streams streams = new Streams(connection.jetStream(), connection.jetStreamManagement());
          streams.make(ASSIGNMENTS, SUBJECTS.assign(), RetentionPolicy.WorkQueue);
          streams.make(ACKS, SUBJECTS.ack(), RetentionPolicy.Limits);
          streams.make(RESULTS, SUBJECTS.result(), RetentionPolicy.Limits);
          streams.make(DEAD_LETTERS, SUBJECTS.dlq(), RetentionPolicy.Limits);
          streams.makeConsumer();
          return streams;
        });
  }

  private void make(String name, String subject, RetentionPolicy retention)
      throws IOException, JetStreamApiException {
    management.addStream(
        StreamConfiguration.builder()
            .name(name)
            .subjects(subject)
            .retentionPolicy(retention)
            .storageType(StorageType.File)
            .duplicateWindow(Duration.ofMinutes(10))
            .build());
  }

  private void makeConsumer() throws IOException, JetStreamApiException {
    management.addOrUpdateConsumer(
        ASSIGNMENTS,
        ConsumerConfiguration.builder()
            .durable(DURABLE)
            .filterSubject(SUBJECTS.assign())
            .ackPolicy(AckPolicy.Explicit)
            .ackWait(Duration.ofSeconds(30))
            .maxAckPending(20_000)
            .build());
  }

  /** Waits until so many pulls stand. */
  void awaitPulls(int pulls) {
    await(
        () ->
            calling(() -> management.getConsumerInfo(ASSIGNMENTS, DURABLE)).getNumWaiting()
                >= pulls);
  }

  /** Empties the streams of acks and results. */
  void clear() {
    calling(() -> management.purgeStream(ACKS));
    calling(() -> management.purgeStream(RESULTS));
  }

  /** Stores assignments; returns when the server has them all. */
  void store(int count, Supplier<byte[]> assignment) {
    List<CompletableFuture<PublishAck>> stored = new ArrayList<>();
    int bytes = 0;
    for (int i = 0; i < count; i++) {
      byte[] body = assignment.get();
      stored.add(jetStream.publishAsync(SUBJECTS.assign(), body));
      bytes += body.length;
      if (bytes > MOST_BYTES_ON_THEIR_WAY) {
        stored.forEach(CompletableFuture::join);
        stored.clear();
        bytes = 0;
      }
    }
    stored.forEach(CompletableFuture::join);
  }

  /** Waits until so many results are stored, and until every assignment is acknowledged. */
  void awaitResults(int count) {
    await(() -> state(RESULTS).getMsgCount() >= count);
    await(() -> state(ASSIGNMENTS).getMsgCount() == 0);
  }

  /** From the first ack's storing to the last result's, by the server's clock. */
  Duration span(int count) {
    StreamState acks = state(ACKS);
    StreamState results = state(RESULTS);
    if (acks.getMsgCount() != count || results.getMsgCount() != count) {
      throw new IllegalStateException(
          "%d assignments have %d acks and %d results"
              .formatted(count, acks.getMsgCount(), results.getMsgCount()));
    }
    return Duration.between(acks.getFirstTime(), results.getLastTime());
  }

  private StreamState state(String stream) {
    return calling(() -> management.getStreamInfo(stream)).getStreamState();
  }

  private static void await(Supplier<Boolean> condition) {
    Awaitility.await().atMost(PATIENCE).pollInterval(LOOK_EACH).until(condition::get);
  }

  private static <T> T calling(Call<T> call) {
    try {
      return call.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JetStreamApiException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Call<T> {
    T run() throws IOException, JetStreamApiException;
  }
}
