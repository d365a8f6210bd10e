package io.beamline.worker.cancellation;

import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.contract.CancelRequest;
import io.beamline.worker.contract.json.CancelCodec;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.PublishAck;
import java.io.IOException;
import java.time.Duration;

/** Publishes requests to cancel, and waits until the server has them. Immutable. */
public final class CancelPublisher {

  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(2);

  private final String subject;
  private final boolean stored;

  /**
   * Creates a publisher.
   *
   * @param subject the {@code cancel} subject
   * @param stored whether a stream must confirm each request; false in core delivery
   */
  public CancelPublisher(String subject, boolean stored) {
    this.subject = subject;
    this.stored = stored;
  }

  /**
   * Publishes a request.
   *
   * @throws IOException if the server does not confirm it, or no stream holds the subject
   */
  public void publish(JetStreamApi jetStream, CancelRequest request)
      throws IOException, JetStreamApiException, InterruptedException {
    byte[] body = CancelCodec.encode(request);
    if (stored) {
      PublishAck confirmed = jetStream.messages().publish(subject, body);
      if (!jetStream.isConfirmedBy(confirmed.getDomain())) {
        throw new IOException(jetStream.describeForeignStream(subject));
      }
    } else {
      jetStream.connection().publish(subject, body);
      jetStream.flush(FLUSH_TIMEOUT);
    }
  }
}
