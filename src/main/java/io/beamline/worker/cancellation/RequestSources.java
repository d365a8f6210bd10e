package io.beamline.worker.cancellation;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Opens the source of requests in a session. Used by one thread.
 *
 * @param subject the {@code cancel} subject
 * @param stream the stream; null in core delivery
 */
record RequestSources(String subject, @Nullable RequestStream stream, TimeSource time) {

  /** Returns whether requests can be read that were published before. */
  boolean arePast() {
    return stream != null;
  }

  /** Opens the source. Returns null if its stream is missing and must not be created. */
  @Nullable RequestSource open(NatsSession session) throws IOException, JetStreamApiException {
    if (stream == null) {
      return CoreRequests.open(session, subject, time);
    }
    String name = stream.findOrCreate(session);
    return name == null ? null : StreamRequests.open(session, name, subject, time);
  }

  /** Returns a sentence that says that the stream is missing, and what to do. */
  String describeMissing() {
    return stream == null ? "" : stream.describeMissing();
  }
}
