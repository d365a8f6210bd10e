package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import io.nats.client.JetStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Publishes to JetStream, which confirms that it stored the message. */
final class JetStreamTransport implements Transport {

  private volatile @Nullable Opened opened;

  @Override
  public CompletableFuture<?> publish(NatsSession session, Outgoing message) {
    return jetStream(session)
        .publishAsync(message.subject(), message.headers().toHeaders(), message.body());
  }

  private JetStream jetStream(NatsSession session) {
    Opened last = opened;
    if (last == null || last.session != session) {
      try {
        last = new Opened(session, session.connection().jetStream());
      } catch (IOException e) {
        throw new IllegalStateException("the session is over", e);
      }
      opened = last;
    }
    return last.jetStream;
  }

  private record Opened(NatsSession session, JetStream jetStream) {}
}
