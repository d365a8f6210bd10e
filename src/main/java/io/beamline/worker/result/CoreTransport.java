package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;

/**
 * Publishes to core NATS. The server's answer to a ping sent behind the messages tells that it has
 * them; one ping serves all that were published before it.
 */
final class CoreTransport implements Transport {

  private static final Duration PONG = Duration.ofSeconds(5);

  private final Executor flusher;
  private List<CompletableFuture<Void>> unconfirmed = new ArrayList<>();

  /**
   * A transport.
   *
   * @param flusher runs one task at a time
   */
  CoreTransport(Executor flusher) {
    this.flusher = flusher;
  }

  @Override
  public CompletableFuture<?> publish(NatsSession session, Outgoing message) {
    session.connection().publish(message.subject(), message.headers(), message.body());
    CompletableFuture<Void> confirmed = new CompletableFuture<>();
    synchronized (this) {
      unconfirmed.add(confirmed);
      if (unconfirmed.size() > 1) {
        return confirmed;
      }
    }
    flusher.execute(() -> flush(session));
    return confirmed;
  }

  private void flush(NatsSession session) {
    List<CompletableFuture<Void>> batch;
    synchronized (this) {
      batch = unconfirmed;
      unconfirmed = new ArrayList<>();
    }
    try {
      session.connection().flush(PONG);
      batch.forEach(confirmed -> confirmed.complete(null));
    } catch (TimeoutException | IllegalStateException e) {
      batch.forEach(confirmed -> confirmed.completeExceptionally(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      batch.forEach(confirmed -> confirmed.completeExceptionally(e));
    }
  }
}
