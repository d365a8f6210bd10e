package io.beamline.worker.connection;

import io.beamline.worker.observability.logging.LogThrottle;
import io.nats.client.Connection;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the errors that the NATS client reports. It also keeps the reason why a connection failed:
 * the exception that the client throws names only the server. The client's threads call it
 * concurrently. Thread-safe: its own state is one volatile reference.
 */
final class ClientErrorListener implements ErrorListener {

  private static final Logger log = LoggerFactory.getLogger(ClientErrorListener.class);

  private final LogThrottle throttle;
  private final MissingPermissions permissions;
  private volatile @Nullable Exception failure;

  ClientErrorListener(LogThrottle throttle, MissingPermissions permissions) {
    this.throttle = throttle;
    this.permissions = permissions;
  }

  /** Returns the most informative exception that was reported, or null if none was. */
  @Nullable Exception failure() {
    return failure;
  }

  @Override
  public void errorOccurred(Connection connection, String error) {
    permissions.record(error);
    throttle.log(log.atWarn().addKeyValue("cause", error), "The NATS server reported an error");
  }

  @Override
  public void exceptionOccurred(Connection connection, Exception exception) {
    if (!(failure instanceof SSLException)) { // later ones only follow from the failed handshake
      failure = exception;
    }
    log.atDebug()
        .addKeyValue("cause", exception.toString())
        .log("The NATS client reported an error");
  }

  @Override
  public void slowConsumerDetected(Connection connection, Consumer consumer) {
    throttle.log(
        log.atWarn().addKeyValue("pending", consumer.getPendingMessageCount()),
        "NATS messages arrive faster than they are taken");
  }

  /** Logs that a message had headers that cannot be read, and was delivered without them. */
  void logHeadersRemoved() {
    throttle.log(
        log.atWarn(), "Headers of a NATS message cannot be read; it is taken without them");
  }
}
