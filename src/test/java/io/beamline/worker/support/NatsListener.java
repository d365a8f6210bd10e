package io.beamline.worker.support;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.MessageHandler;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * A subscription on a connection of its own, which loses nothing however many messages come at
 * once. A thread of the connection calls the handler.
 */
public final class NatsListener implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(10);

  private final Connection connection;

  private NatsListener(Connection connection) {
    this.connection = connection;
  }

  /** Listens to a subject from now on. */
  public static NatsListener on(NatsServer nats, String subject, MessageHandler handler) {
    Connection connection = nats.connect();
    Dispatcher dispatcher = connection.createDispatcher(handler);
    dispatcher.setPendingLimits(-1, -1);
    Dispatcher unused = dispatcher.subscribe(subject);
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

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
