package io.beamline.worker.connection;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.TlsBundle;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.spring.boot.autoconfigure.NatsProperties;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a short-lived command to NATS, with the settings of the worker. It never
 * reconnects: when NATS is away, the command fails. Used by one thread.
 */
public final class CommandConnection {

  private final JetStreamApi jetStream;
  private final MissingPermissions permissions;

  private CommandConnection(JetStreamApi jetStream, MissingPermissions permissions) {
    this.jetStream = jetStream;
    this.permissions = permissions;
  }

  /**
   * Connects. The caller closes the connection.
   *
   * @param tls the certificates; null for what {@code nats} says
   * @throws IOException when no server can be used; the message names the servers, without
   *     passwords
   * @throws io.beamline.worker.config.UnusableSettingException when an address, a login or a TLS
   *     setting can never work
   */
  public static CommandConnection open(
      NatsProperties nats,
      NatsDeliveryProperties delivery,
      WorkerProperties worker,
      @Nullable TlsBundle tls)
      throws IOException, InterruptedException {
    return open(nats, delivery, worker, tls, "the command");
  }

  /**
   * Connects on behalf of somebody else than a command, such as a worker.
   *
   * @param tls the certificates; null for what {@code nats} says
   * @param owner whose NATS user it is, for errors; a part of a sentence
   */
  public static CommandConnection open(
      NatsProperties nats,
      NatsDeliveryProperties delivery,
      WorkerProperties worker,
      @Nullable TlsBundle tls,
      String owner)
      throws IOException, InterruptedException {
    TimeSource time = TimeSource.system();
    LogThrottle throttle = new LogThrottle(time, Duration.ofSeconds(10));
    MissingPermissions permissions = MissingPermissions.ofCommand(time, owner);
    ConnectionFactory connections =
        new ConnectionFactory(nats, tls, worker, throttle, time, permissions);
    connections.check();
    try {
      Connection connection = connections.connect(() -> {});
      return new CommandConnection(
          new JetStreamApi(connection, delivery.jetstreamDomain()), permissions);
    } catch (IOException e) {
      // Without the cause: the message already contains it.
      throw new IOException(
          "NATS at "
              + String.join(", ", connections.servers())
              + " cannot be used: "
              + FailureDescription.describe(e));
    }
  }

  /** Returns the connection of the NATS client, and the JetStream that is used over it. */
  public JetStreamApi jetStream() {
    return jetStream;
  }

  /**
   * Returns a sentence that says why a request on this connection failed. The server does not
   * answer a request that the user may not send, so the failure alone looks like a timeout. The
   * sentence then names the refused subject and the permission to allow.
   */
  public String describeFailure(IOException failure) {
    String missing = permissions.describe();
    return missing.isEmpty() ? jetStream.describeFailure(failure) : missing;
  }

  /** Closes the connection. */
  public void close() throws InterruptedException {
    jetStream.connection().close();
  }
}
