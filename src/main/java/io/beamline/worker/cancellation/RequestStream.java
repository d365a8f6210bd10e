package io.beamline.worker.cancellation;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.connection.SubjectStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.RetentionPolicy;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The stream of requests (contract section 1). Immutable.
 *
 * @param stream the stream of the {@code cancel} subject
 * @param replicas how many servers keep a stream that is created
 */
record RequestStream(SubjectStream stream, int replicas) {

  /** The longest deadline of a step: an older request can be for nothing. */
  static final Duration MAX_AGE = Duration.ofHours(1);

  private static final Duration DUPLICATE_WINDOW = Duration.ofMinutes(2);

  /** Returns the name of the stream, or null if it is missing and must not be created. */
  @Nullable String findOrCreate(NatsSession session) throws IOException, JetStreamApiException {
    return stream.findOrCreate(
        session.jetStream().management(),
        stream
            .configuration(replicas)
            .retentionPolicy(RetentionPolicy.Limits)
            .maxAge(MAX_AGE)
            .duplicateWindow(DUPLICATE_WINDOW)
            .build());
  }

  /** Returns a sentence that says that the stream is missing, and what to do. */
  String describeMissing() {
    return stream.describeMissing();
  }
}
