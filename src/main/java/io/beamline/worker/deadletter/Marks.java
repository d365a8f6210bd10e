package io.beamline.worker.deadletter;

import io.beamline.worker.connection.JetStreamErrors;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.KeyValueManagement;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Remembers how far the replay of each letter is, in a key-value bucket of JetStream beside the
 * letters' stream, with a key for each letter and for as long as the letter is kept.
 *
 * <p>Not in the letters' stream: a message there would be a letter to whoever reads it, and its
 * configuration is an operator's. Not by deleting the letter: then nothing could show that it was
 * replayed. Of two who claim a key at once the server takes one. For one thread.
 */
final class Marks {

  private static final String CLOCK = "clock";
  private static final Pattern ODD = Pattern.compile("[^A-Za-z0-9_-]");

  private final @Nullable KeyValue bucket;
  private final ReplayId ids;

  private Marks(@Nullable KeyValue bucket, ReplayId ids) {
    this.bucket = bucket;
    this.ids = ids;
  }

  /** The marks to be read: without a bucket all is open. */
  static Marks reading(Connection connection, LetterStream letters)
      throws IOException, JetStreamApiException {
    String name = bucketName(letters.configuration());
    boolean there = status(connection.keyValueManagement(), name) != null;
    return new Marks(there ? connection.keyValue(name) : null, letters.replayIds());
  }

  /**
   * The marks to be written.
   *
   * @param provision whether a missing bucket is made (contract section 1)
   */
  static Marks writing(Connection connection, LetterStream letters, boolean provision)
      throws IOException, JetStreamApiException, CommandFailedException {
    StreamConfiguration stream = letters.configuration();
    String name = bucketName(stream);
    KeyValueManagement management = connection.keyValueManagement();
    KeyValueConfiguration found = status(management, name);
    if (found != null) {
      outliveLetters(management, found, stream.getMaxAge());
    } else if (provision) {
      make(management, name, stream);
    } else {
      throw new CommandFailedException(
          "the key-value bucket "
              + name
              + " for the marks is missing: make it, or let the command make it with"
              + " worker.nats.provision=true");
    }
    return new Marks(connection.keyValue(name), letters.replayIds());
  }

  /** How far a letter's replay is. */
  Mark of(long sequence) throws IOException, JetStreamApiException {
    KeyValueEntry entry = bucket == null ? null : bucket.get(ids.key(sequence));
    byte[] value = entry == null ? null : entry.getValue();
    if (entry == null || value == null) {
      return Mark.OPEN;
    }
    boolean done = Mark.State.DONE.wireName().equals(new String(value, StandardCharsets.UTF_8));
    return new Mark(done ? Mark.State.DONE : Mark.State.STARTED, entry.getCreated().toInstant());
  }

  /** Notes that a letter's replay begins. False when somebody else has noted it before. */
  boolean start(long sequence) throws IOException, JetStreamApiException {
    try {
      written().create(ids.key(sequence), value(Mark.State.STARTED));
      return true;
    } catch (JetStreamApiException e) {
      if (JetStreamErrors.isWrongLastSequence(e.getApiErrorCode())) {
        return false;
      }
      throw e;
    }
  }

  /** Notes that a letter's replay is published. */
  void done(long sequence) throws IOException, JetStreamApiException {
    written().put(ids.key(sequence), value(Mark.State.DONE));
  }

  /** The time by the server's clock, which the marks have too. */
  Instant serverTime() throws IOException, JetStreamApiException {
    written().put(CLOCK, new byte[0]);
    KeyValueEntry entry = written().get(CLOCK);
    if (entry == null) {
      throw new IOException("the key-value bucket of the marks does not keep what is put into it");
    }
    return entry.getCreated().toInstant();
  }

  private KeyValue written() {
    if (bucket == null) {
      throw new IllegalStateException("these marks are only read");
    }
    return bucket;
  }

  private static void make(KeyValueManagement management, String name, StreamConfiguration stream)
      throws IOException, JetStreamApiException {
    try {
      management.create(
          KeyValueConfiguration.builder(name)
              .description("Which dead letters of " + stream.getName() + " were replayed")
              .storageType(StorageType.File)
              .replicas(stream.getReplicas())
              .ttl(stream.getMaxAge())
              .build());
    } catch (JetStreamApiException e) {
      // Another operator may have made it in the same moment.
      if (status(management, name) == null) {
        throw e;
      }
    }
  }

  /** A mark that goes before its letter would let it be replayed twice. */
  private static void outliveLetters(
      KeyValueManagement management, KeyValueConfiguration marks, Duration letters)
      throws IOException, JetStreamApiException {
    Duration kept = marks.getTtl();
    boolean limited = kept != null && !kept.isZero();
    if (limited && (letters.isZero() || letters.compareTo(kept) > 0)) {
      management.update(KeyValueConfiguration.builder(marks).ttl(letters).build());
    }
  }

  private static @Nullable KeyValueConfiguration status(KeyValueManagement management, String name)
      throws IOException, JetStreamApiException {
    try {
      return management.getStatus(name).getConfiguration();
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == JetStreamErrors.STREAM_NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  private static String bucketName(StreamConfiguration stream) {
    return ODD.matcher(stream.getName()).replaceAll("_") + "_REPLAYS";
  }

  private static byte[] value(Mark.State state) {
    return state.wireName().getBytes(StandardCharsets.UTF_8);
  }
}
