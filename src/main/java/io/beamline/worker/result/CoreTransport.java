package io.beamline.worker.result;

import io.beamline.worker.connection.NatsSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to core NATS. The server's answer to a ping sent behind the messages tells that it has
 * them; one ping serves all that were published before it.
 */
final class CoreTransport implements Transport {

  private static final Duration PONG = Duration.ofSeconds(5);

  private final Executor flusher;
  private @Nullable Batch filling;

  /**
   * A transport.
   *
   * @param flusher runs tasks soon
   */
  CoreTransport(Executor flusher) {
    this.flusher = flusher;
  }

  @Override
  public CompletableFuture<?> publish(NatsSession session, Outgoing message) {
    session.connection().publish(message.subject(), message.headers().toHeaders(), message.body());
    CompletableFuture<Void> confirmed = new CompletableFuture<>();
    Batch begun = add(session, confirmed);
    if (begun != null) {
      flusher.execute(() -> flush(begun));
    }
    return confirmed;
  }

  /** The batch if a new one had to begin: a ping says nothing about another session's messages. */
  private synchronized @Nullable Batch add(NatsSession session, CompletableFuture<Void> message) {
    Batch batch = filling;
    if (batch != null && batch.session == session) {
      batch.messages.add(message);
      return null;
    }
    Batch begun = new Batch(session, new ArrayList<>(List.of(message)));
    filling = begun;
    return begun;
  }

  private synchronized void close(Batch batch) {
    if (filling == batch) {
      filling = null;
    }
  }

  private void flush(Batch batch) {
    close(batch);
    try {
      batch.session.connection().flush(PONG);
      batch.messages.forEach(confirmed -> confirmed.complete(null));
    } catch (TimeoutException | IllegalStateException e) {
      batch.messages.forEach(confirmed -> confirmed.completeExceptionally(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      batch.messages.forEach(confirmed -> confirmed.completeExceptionally(e));
    }
  }

  /** Messages of one session that wait for one ping; compared by identity. */
  private static final class Batch {

    final NatsSession session;
    final List<CompletableFuture<Void>> messages;

    Batch(NatsSession session, List<CompletableFuture<Void>> messages) {
      this.session = session;
      this.messages = messages;
    }
  }
}
