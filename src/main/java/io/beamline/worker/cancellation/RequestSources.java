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

  /** Makes sure that requests can be read. Returns why they cannot; empty if they can. */
  String prepare(NatsSession session) throws IOException, JetStreamApiException {
    return stream == null || stream.findOrCreate(session) != null
        ? ""
        : "no stream holds the subject "
            + subject
            + ": make one, or let the worker make it with worker.nats.provision=true";
  }

  /** Opens the source. {@link #prepare} has returned that there is one. */
  RequestSource open(NatsSession session) throws IOException, JetStreamApiException {
    if (stream == null) {
      return CoreRequests.open(session, subject, time);
    }
    String name = stream.findOrCreate(session);
    if (name == null) {
      throw new IOException("the stream of requests is gone");
    }
    return StreamRequests.open(session, name, subject, time);
  }
}
