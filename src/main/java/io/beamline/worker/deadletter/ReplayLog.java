package io.beamline.worker.deadletter;

import io.beamline.worker.connection.BucketName;
import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.connection.JetStreamErrors;
import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValueStatus;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Records the state of each dead letter's replay in a key-value bucket of JetStream. In this
 * package a dead letter is called a letter for short. The bucket has one key per letter, and keeps
 * the key at least as long as the letters' stream keeps the letter.
 *
 * <p>The letters' stream itself cannot hold this: a message there would be read as a letter, and
 * its configuration belongs to an operator. Deleting the letter would leave no trace of the replay.
 * If two commands claim the same key, the server takes one of them. Used by one thread.
 */
final class ReplayLog {

  private static final String CLOCK = "clock";

  private final @Nullable KeyValue bucket;
  private final ReplayId ids;

  private ReplayLog(@Nullable KeyValue bucket, ReplayId ids) {
    this.bucket = bucket;
    this.ids = ids;
  }

  /** Opens the log for reading. Without a bucket no replay has begun. */
  static ReplayLog reading(JetStreamApi jetStream, LetterStream letters)
      throws IOException, JetStreamApiException {
    String name = bucketName(letters.configuration());
    boolean bucketExists = jetStream.findBucket(name) != null;
    return new ReplayLog(bucketExists ? jetStream.bucket(name) : null, letters.replayIds());
  }

  /**
   * Opens the log for writing.
   *
   * @param provision whether a missing bucket is made (contract section 1)
   */
  static ReplayLog writing(JetStreamApi jetStream, LetterStream letters, boolean provision)
      throws IOException, JetStreamApiException, CommandFailedException {
    StreamConfiguration stream = letters.configuration();
    String name = bucketName(stream);
    KeyValueStatus found = jetStream.findBucket(name);
    if (found != null) {
      outliveLetters(jetStream, found.getConfiguration(), stream.getMaxAge());
    } else if (provision) {
      KeyValueStatus unused = jetStream.createBucket(configuration(name, stream));
    } else {
      throw new CommandFailedException(
          "the key-value bucket "
              + name
              + " for the replays is missing: make it, or let the command make it with"
              + " worker.nats.provision=true");
    }
    return new ReplayLog(jetStream.bucket(name), letters.replayIds());
  }

  /** Returns the state of a letter's replay. */
  ReplayMark markOf(long sequence) throws IOException, JetStreamApiException {
    KeyValueEntry entry = bucket == null ? null : bucket.get(ids.key(sequence));
    byte[] value = entry == null ? null : entry.getValue();
    if (entry == null || value == null) {
      return ReplayMark.OPEN;
    }
    boolean done =
        ReplayMark.State.DONE.wireName().equals(new String(value, StandardCharsets.UTF_8));
    return new ReplayMark(
        done ? ReplayMark.State.DONE : ReplayMark.State.STARTED, entry.getCreated().toInstant());
  }

  /** Records that a letter's replay begins. False if another command has recorded it before. */
  boolean start(long sequence) throws IOException, JetStreamApiException {
    try {
      writable().create(ids.key(sequence), value(ReplayMark.State.STARTED));
      return true;
    } catch (JetStreamApiException e) {
      if (JetStreamErrors.isWrongLastSequence(e.getApiErrorCode())) {
        return false;
      }
      throw e;
    }
  }

  /** Records that a letter's replay is published. */
  void done(long sequence) throws IOException, JetStreamApiException {
    writable().put(ids.key(sequence), value(ReplayMark.State.DONE));
  }

  /** Returns the time of the server's clock, which also stamps the entries. */
  Instant serverTime() throws IOException, JetStreamApiException {
    writable().put(CLOCK, new byte[0]);
    KeyValueEntry entry = writable().get(CLOCK);
    if (entry == null) {
      throw new IOException("the key-value bucket of the replays does not keep its entries");
    }
    return entry.getCreated().toInstant();
  }

  private KeyValue writable() {
    if (bucket == null) {
      throw new IllegalStateException("this replay log is only read");
    }
    return bucket;
  }

  private static KeyValueConfiguration configuration(String name, StreamConfiguration stream) {
    return KeyValueConfiguration.builder(name)
        .description("Which dead letters of " + stream.getName() + " were replayed")
        .storageType(StorageType.File)
        .replicas(stream.getReplicas())
        .ttl(stream.getMaxAge())
        .build();
  }

  /**
   * Lets the entries live as long as the letters. If an entry expired before its letter, the letter
   * could be replayed twice.
   */
  private static void outliveLetters(
      JetStreamApi jetStream, KeyValueConfiguration replays, Duration letters)
      throws IOException, JetStreamApiException {
    Duration kept = replays.getTtl();
    boolean limited = kept != null && !kept.isZero();
    if (limited && (letters.isZero() || letters.compareTo(kept) > 0)) {
      jetStream
          .bucketManagement()
          .update(KeyValueConfiguration.builder(replays).ttl(letters).build());
    }
  }

  private static String bucketName(StreamConfiguration stream) {
    return BucketName.of(stream.getName(), "_REPLAYS");
  }

  private static byte[] value(ReplayMark.State state) {
    return state.wireName().getBytes(StandardCharsets.UTF_8);
  }
}
