package io.beamline.worker.flagstore;

import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.connection.JetStreamCheck;
import io.beamline.worker.observability.health.StartCheck.StartFinding;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.KeyValueStatus;
import java.io.IOException;
import java.util.List;

/** Looks at the bucket of the flags. Used by one thread. */
record FlagBucketCheck(Bucket bucket) implements JetStreamCheck {

  private static final String SUBJECT = "bucket";

  @Override
  public List<StartFinding> look(JetStreamApi jetStream) throws IOException, JetStreamApiException {
    KeyValueStatus found = jetStream.findBucket(bucket.name());
    if (found != null) {
      return List.of(StartFinding.ok(SUBJECT, bucket.name() + " keeps the flags"));
    }
    return List.of(
        bucket.provision()
            ? StartFinding.willBeMade(SUBJECT, bucket.name())
            : StartFinding.fault(
                SUBJECT,
                "the key-value bucket "
                    + bucket.name()
                    + " is missing, so that no flag can be changed: make it, or let the worker make"
                    + " it with worker.nats.provision=true"));
  }
}
