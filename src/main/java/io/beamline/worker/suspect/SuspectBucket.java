package io.beamline.worker.suspect;

import io.beamline.worker.connection.JetStreamErrors;
import io.beamline.worker.connection.NatsSession;
import io.nats.client.JetStreamApiException;
import io.nats.client.PublishOptions;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueStatus;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StorageType;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key-value bucket of the counts, in one session. A key is one assignment; its value is a
 * number in decimal digits. Thread-safe: immutable.
 *
 * @param session the session
 * @param name the bucket's name
 */
record SuspectBucket(NatsSession session, String name) {

  private static final Logger log = LoggerFactory.getLogger(SuspectBucket.class);

  /** Longer than an assignment is likely to wait from one death of its worker to the next. */
  private static final Duration KEPT = Duration.ofDays(7);

  private static final String EXPECTED_REVISION = "Nats-Expected-Last-Subject-Sequence";

  /**
   * A count in the bucket.
   *
   * @param starts the number of starts
   * @param revision the revision of the key, 0 if the key is missing
   */
  record Count(long starts, long revision) {

    static final Count NONE = new Count(0, 0);
  }

  /**
   * Creates the bucket. Does nothing if it exists.
   *
   * @throws JetStreamApiException if the server refuses it, for example because the account may
   *     have no more streams
   */
  void create() throws IOException, JetStreamApiException {
    KeyValueStatus made =
        session
            .jetStream()
            .createBucket(
                KeyValueConfiguration.builder(name)
                    .description("Starts of assignments that may crash their workers")
                    .storageType(StorageType.File)
                    .replicas(session.jetStream().replicas(session.stream()))
                    .ttl(KEPT)
                    .build());
    if (made != null) {
      log.atInfo().addKeyValue("bucket", name).log("Bucket for suspects created");
    }
  }

  /** Returns whether the server has the bucket. */
  boolean exists() throws IOException, JetStreamApiException {
    return session.jetStream().findBucket(name) != null;
  }

  /** Returns a count. A value that is no number counts as none. */
  Count read(String key) throws IOException, JetStreamApiException {
    try {
      MessageInfo found = session.jetStream().management().getLastMessage(stream(), subject(key));
      return new Count(number(found.getData()), found.getSeq());
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == JetStreamErrors.NO_MESSAGE) {
        return Count.NONE;
      }
      throw e;
    }
  }

  /**
   * Records a number of starts.
   *
   * @param before what was read
   * @return what is recorded now, or null if another worker has changed the count meanwhile
   */
  @Nullable Count write(String key, long starts, Count before)
      throws IOException, JetStreamApiException {
    PublishOptions options =
        PublishOptions.builder()
            .expectedStream(stream())
            .expectedLastSubjectSequence(before.revision())
            .build();
    try {
      long revision =
          session
              .jetStream()
              .messages()
              .publish(written(key), null, value(starts), options)
              .getSeqno();
      return new Count(starts, revision);
    } catch (JetStreamApiException e) {
      if (JetStreamErrors.isWrongLastSequence(e.getApiErrorCode())) {
        return null;
      }
      throw e;
    }
  }

  /** Sends a number of starts, which holds unless another worker has written since. */
  void send(String key, long starts, Count now) {
    Headers headers = new Headers();
    headers.put(EXPECTED_REVISION, String.valueOf(now.revision()));
    session.publish(written(key), null, headers, value(starts));
  }

  /** Sends the deletion of a count. */
  void sendDelete(String key) {
    Headers headers = new Headers();
    headers.put("KV-Operation", "PURGE");
    headers.put("Nats-Rollup", "sub");
    session.publish(written(key), null, headers, new byte[0]);
  }

  /** Returns whether the worker may read and write the bucket, as far as is known. */
  boolean mayBeUsed() {
    return session.mayPublish(written("any"));
  }

  /** Returns the subject of an entry in the bucket's stream. */
  private String subject(String key) {
    return "$KV." + name + "." + key;
  }

  /** Returns the subject to which an entry is written. */
  private String written(String key) {
    return session.jetStream().entrySubject(name, key);
  }

  private String stream() {
    return "KV_" + name;
  }

  private static byte[] value(long starts) {
    return String.valueOf(starts).getBytes(StandardCharsets.US_ASCII);
  }

  private static long number(byte @Nullable [] value) {
    try {
      return value == null
          ? 0
          : Math.max(0, Long.parseLong(new String(value, StandardCharsets.US_ASCII)));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
