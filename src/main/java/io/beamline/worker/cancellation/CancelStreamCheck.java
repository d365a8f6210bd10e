package io.beamline.worker.cancellation;

import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.connection.JetStreamCheck;
import io.beamline.worker.connection.SubjectStream;
import io.beamline.worker.feature.FeatureFlags;
import io.beamline.worker.observability.health.StartCheck.StartFinding;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.util.List;

/**
 * Looks at the stream of requests to cancel, if cancellation is on at start. Used by one thread.
 *
 * @param stream the stream of the {@code cancel} subject
 */
record CancelStreamCheck(SubjectStream stream, FeatureFlags flags) implements JetStreamCheck {

  private static final String SUBJECT = "stream";

  @Override
  public List<StartFinding> look(JetStreamApi jetStream) throws IOException, JetStreamApiException {
    if (!flags.cancellationInUse()) {
      return List.of();
    }
    List<String> found = jetStream.management().getStreamNames(stream.subject());
    if (!found.isEmpty()) {
      return List.of(StartFinding.ok(SUBJECT, found.getFirst() + " holds " + stream.subject()));
    }
    return List.of(
        stream.provision()
            ? StartFinding.willBeMade(SUBJECT, stream.name())
            : StartFinding.fault(
                SUBJECT, stream.describeMissing() + "; without it nothing is cancelled"));
  }
}
