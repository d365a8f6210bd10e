package io.beamline.worker.flagstore;

import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.connection.NatsSession;
import io.nats.client.JetStreamApiException;
import io.nats.client.PublishOptions;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueStatus;
import io.nats.client.api.StorageType;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key-value bucket of the flags on the server. Thread-safe: immutable.
 *
 * @param name the bucket's name
 * @param provision whether a missing bucket is created ({@code worker.nats.provision})
 */
record Bucket(String name, boolean provision) {

  private static final Logger log = LoggerFactory.getLogger(Bucket.class);

  /** How many states of each flag the bucket keeps, so that operators can see who changed what. */
  private static final int HISTORY_PER_FLAG = 10;

  /** Returns the bucket's status, or null if it is missing and must not be created. */
  @Nullable KeyValueStatus findOrCreate(NatsSession session)
      throws IOException, JetStreamApiException {
    JetStreamApi jetStream = session.jetStream();
    KeyValueStatus found = jetStream.findBucket(name);
    if (found != null || !provision) {
      return found;
    }
    KeyValueStatus made = jetStream.createBucket(configuration(replicas(session)));
    if (made == null) {
      return jetStream.findBucket(name);
    }
    log.atInfo().addKeyValue("bucket", name).log("Bucket for feature flags created");
    return made;
  }

  /**
   * Stores a value, or deletes it. The client's own delete does not return the revision.
   *
   * @param text the value; null deletes it
   * @return the revision of this change
   */
  long write(NatsSession session, String key, @Nullable String text)
      throws IOException, JetStreamApiException {
    Headers headers = new Headers();
    if (text == null) {
      headers.put("KV-Operation", "DEL");
    }
    NatsMessage message =
        NatsMessage.builder()
            .subject(session.jetStream().entrySubject(name, key))
            .headers(headers)
            .data(text == null ? "" : text, StandardCharsets.UTF_8)
            .build();
    PublishOptions options = PublishOptions.builder().expectedStream("KV_" + name).build();
    return session.jetStream().messages().publish(message, options).getSeqno();
  }

  private KeyValueConfiguration configuration(int replicas) {
    return KeyValueConfiguration.builder(name)
        .description("States of the workers' feature flags")
        .maxHistoryPerKey(HISTORY_PER_FLAG)
        .storageType(StorageType.File)
        .replicas(replicas)
        .build();
  }

  /** Returns the number of replicas that the stream of assignments has. */
  private static int replicas(NatsSession session) throws IOException, JetStreamApiException {
    return session.stream().isEmpty() ? 1 : session.jetStream().replicas(session.stream());
  }
}
