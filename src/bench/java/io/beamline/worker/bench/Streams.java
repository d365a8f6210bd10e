package io.beamline.worker.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.beamline.worker.support.Subjects;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
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

/** The streams of one server. Used by one thread. */
final class Streams {

  static final String ASSIGNMENTS = "ASSIGNMENTS";
  static final String DURABLE = "caf-workers";

  private static final String ACKS = "ACKS";
  private static final String RESULTS = "RESULTS";
  private static final String DEAD_LETTERS = "DEAD_LETTERS";
  private static final String SUCCESS = "\"status\":\"success\"";
  private static final Subjects SUBJECTS = Subjects.STANDARD;
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);
  private static final int MOST_BYTES_ON_THEIR_WAY = 2 * 1024 * 1024;

  private final JetStream jetStream;
  private final JetStreamManagement management;
  private final String assignments;
  private final String acks;
  private final String results;

  private Streams(JetStream jetStream, JetStreamManagement management)
      throws IOException, JetStreamApiException {
    this.jetStream = jetStream;
    this.management = management;
    this.assignments = management.getStreamNames(SUBJECTS.assign()).getFirst();
    this.acks = management.getStreamNames(SUBJECTS.ack()).getFirst();
    this.results = management.getStreamNames(SUBJECTS.result()).getFirst();
  }

  /** Makes them as the worker would, and its consumer. */
  static Streams make(Connection connection) {
    return calling(
        () -> {
          JetStreamManagement management = connection.jetStreamManagement();
          make(management, ASSIGNMENTS, SUBJECTS.assign(), RetentionPolicy.WorkQueue);
          make(management, ACKS, SUBJECTS.ack(), RetentionPolicy.Limits);
          make(management, RESULTS, SUBJECTS.result(), RetentionPolicy.Limits);
          make(management, DEAD_LETTERS, SUBJECTS.dlq(), RetentionPolicy.Limits);
          makeConsumer(management);
          return new Streams(connection.jetStream(), management);
        });
  }

  /** Those that somebody else has made; the consumer has the worker's usual name. */
  static Streams found(Connection connection) {
    return calling(() -> new Streams(connection.jetStream(), connection.jetStreamManagement()));
  }

  private static void make(
      JetStreamManagement management, String name, String subject, RetentionPolicy retention)
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

  private static void makeConsumer(JetStreamManagement management)
      throws IOException, JetStreamApiException {
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
            calling(() -> management.getConsumerInfo(assignments, DURABLE)).getNumWaiting()
                >= pulls);
  }

  /** Empties the streams of acks and results. */
  void clear() {
    calling(() -> management.purgeStream(acks));
    calling(() -> management.purgeStream(results));
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
    awaitResults(count, 0);
  }

  /**
   * Waits until so many results are stored, and until all other assignments are acknowledged.
   *
   * @param unended the assignments that stay
   */
  void awaitResults(int count, int unended) {
    await(() -> state(results).getMsgCount() >= count);
    await(() -> state(assignments).getMsgCount() == unended);
  }

  /** From the first ack's storing to the last result's, by the server's clock. */
  Duration span(int count) {
    StreamState begun = state(acks);
    StreamState ended = state(results);
    if (begun.getMsgCount() != count || ended.getMsgCount() != count) {
      throw new IllegalStateException(
          "%d assignments have %d acks and %d results"
              .formatted(count, begun.getMsgCount(), ended.getMsgCount()));
    }
    return Duration.between(begun.getFirstTime(), ended.getLastTime());
  }

  /**
   * Waits until so many results are stored. Gives the time from the first ack's storing to that of
   * the last of these results, by the server's clock.
   */
  Duration spanOfFirst(int count) {
    await(() -> state(results).getMsgCount() >= count);
    long last = state(results).getFirstSequence() + count - 1;
    return Duration.between(
        state(acks).getFirstTime(), calling(() -> management.getMessage(results, last)).getTime());
  }

  /** How many results there are. */
  long resultCount() {
    return state(results).getMsgCount();
  }

  /** Reads all results that there are, and fails unless each one says that its step succeeded. */
  void assertSuccess() {
    assertFirstSucceeded(resultCount());
  }

  /** Reads so many results from the first one, and fails unless each one says the same. */
  void assertFirstSucceeded(long count) {
    try {
      JetStreamSubscription all =
          calling(
              () ->
                  jetStream.subscribe(
                      SUBJECTS.result(),
                      PushSubscribeOptions.builder().stream(results).ordered(true).build()));
      for (long i = 0; i < count; i++) {
        Message result = all.nextMessage(TIMEOUT);
        if (result == null || !new String(result.getData(), UTF_8).contains(SUCCESS)) {
          throw new IllegalStateException("result %d of %d: %s".formatted(i, count, result));
        }
      }
      all.unsubscribe();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private StreamState state(String stream) {
    return calling(() -> management.getStreamInfo(stream)).getStreamState();
  }

  private static void await(Supplier<Boolean> condition) {
    Awaitility.await().atMost(TIMEOUT).pollInterval(POLL_INTERVAL).until(condition::get);
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
