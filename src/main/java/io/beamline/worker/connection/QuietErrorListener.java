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
 * Logs what the client reports besides what the worker sees by itself, and remembers why it could
 * not connect: what it throws then says only where. Thread-safe.
 */
final class QuietErrorListener implements ErrorListener {

  private static final Logger log = LoggerFactory.getLogger(QuietErrorListener.class);

  private final LogThrottle throttle;
  private final MissingPermissions permissions;
  private volatile @Nullable Exception failure;

  QuietErrorListener(LogThrottle throttle, MissingPermissions permissions) {
    this.throttle = throttle;
    this.permissions = permissions;
  }

  /** The exception that tells most of those reported, null when there was none. */
  @Nullable Exception failure() {
    return failure;
  }

  @Override
  public void errorOccurred(Connection connection, String error) {
    permissions.reported(error);
    throttle.log(log.atWarn().addKeyValue("cause", error), "The NATS server reported an error");
  }

  @Override
  public void exceptionOccurred(Connection connection, Exception exception) {
    if (!(failure instanceof SSLException)) { // what follows a failed handshake tells less
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

  /** A message had headers that cannot be read; it goes on without them. */
  void headersLeftOut() {
    throttle.log(
        log.atWarn(), "Headers of a NATS message cannot be read; it is taken without them");
  }
}
