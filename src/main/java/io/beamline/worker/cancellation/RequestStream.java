package io.beamline.worker.cancellation;

import io.beamline.worker.connection.JetStreamErrors;
import io.beamline.worker.connection.NatsSession;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream of requests (contract section 1). It is found by its subject, and an existing one is
 * never changed. Immutable.
 *
 * @param subject the {@code cancel} subject
 * @param provision whether a missing stream is created ({@code worker.nats.provision})
 * @param replicas how many servers keep a stream that is created
 */
record RequestStream(String subject, boolean provision, int replicas) {

  private static final Logger log = LoggerFactory.getLogger(RequestStream.class);

  /** The longest deadline of a step: an older request can be for nothing. */
  static final Duration MAX_AGE = Duration.ofHours(1);

  private static final Duration DUPLICATE_WINDOW = Duration.ofMinutes(2);

  /** Returns the name of the stream, or null if it is missing and must not be created. */
  @Nullable String findOrCreate(NatsSession session) throws IOException, JetStreamApiException {
    JetStreamManagement management = session.jetStream().management();
    String found = find(management);
    if (found != null || !provision) {
      return found;
    }
    StreamConfiguration missing = configuration();
    try {
      management.addStream(missing);
    } catch (JetStreamApiException e) {
      // Another worker may have created it at the same moment.
      String created = find(management);
      if (created == null) {
        throw e;
      }
      return created;
    }
    log.atInfo()
        .addKeyValue("stream", missing.getName())
        .addKeyValue("subject", subject)
        .log("Stream made");
    return missing.getName();
  }

  private @Nullable String find(JetStreamManagement management)
      throws IOException, JetStreamApiException {
    try {
      List<String> found = management.getStreamNames(subject);
      return found.isEmpty() ? null : found.getFirst();
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == JetStreamErrors.STREAM_NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  private StreamConfiguration configuration() {
    return StreamConfiguration.builder()
        .name(subject.replace('.', '_').toUpperCase(Locale.ROOT))
        .subjects(subject)
        .retentionPolicy(RetentionPolicy.Limits)
        .maxAge(MAX_AGE)
        .duplicateWindow(DUPLICATE_WINDOW)
        .replicas(replicas)
        .storageType(StorageType.File)
        .build();
  }
}
