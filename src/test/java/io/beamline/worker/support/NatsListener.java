package io.beamline.worker.support;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.MessageHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Subscriptions of a connection, which lose nothing however many messages come at once. A thread of
 * the connection calls the handler.
 */
public final class NatsListener implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(10);

  private final Connection connection;

  private NatsListener(Connection connection) {
    this.connection = connection;
  }

  /** Listens to a subject from now on, on a connection of its own. */
  public static NatsListener on(NatsServer nats, String subject, MessageHandler handler) {
    return on(nats.connect(), List.of(subject), handler);
  }

  /** Listens to subjects from now on. */
  static NatsListener on(Connection connection, List<String> subjects, MessageHandler handler) {
    Dispatcher dispatcher = connection.createDispatcher(handler);
    dispatcher.setPendingLimits(-1, -1);
    subjects.forEach(dispatcher::subscribe);
    try {
      connection.flush(SOON);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return new NatsListener(connection);
  }

  /** Closes the connection. */
  @Override
  public void close() {
    NatsServer.disconnect(connection);
  }
}
