package io.beamline.worker.connection;

import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.spring.boot.autoconfigure.NatsProperties;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * Connects a short-lived command to NATS with the settings of the worker. The connection never
 * reconnects: when NATS is away, the command fails.
 */
public final class CommandConnection {

  private CommandConnection() {}

  /**
   * Returns a new connection. The caller closes it.
   *
   * @throws IOException when no server can be used; the message names the servers, without
   *     passwords
   * @throws io.beamline.worker.config.UnusableSettingException when an address, a login or a TLS
   *     setting can never work
   */
  public static Connection open(NatsProperties nats, WorkerProperties worker)
      throws IOException, InterruptedException {
    TimeSource time = TimeSource.system();
    LogThrottle throttle = new LogThrottle(time, Duration.ofSeconds(10));
    ConnectionFactory connections =
        new ConnectionFactory(nats, worker, throttle, time, new MissingPermissions(time, Map.of()));
    connections.check();
    try {
      return connections.connect(() -> {});
    } catch (IOException e) {
      // Without the cause: the message already contains it.
      throw new IOException(
          "NATS at "
              + String.join(", ", connections.servers())
              + " cannot be used: "
              + FailureDescription.describe(e));
    }
  }

  /** Returns a sentence without passwords that says why a request to NATS failed. */
  public static String describe(IOException failure) {
    return FailureDescription.describe(failure);
  }

  /** Returns a sentence without passwords that says why JetStream refused a request. */
  public static String describe(JetStreamApiException refusal) {
    return FailureDescription.describe(refusal);
  }
}
