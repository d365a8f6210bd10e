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
 * One connection for a command that ends soon, made as the worker's are. It is not kept up: where
 * NATS is away, the command says so. For one thread.
 */
public final class CommandConnection {

  private CommandConnection() {}

  /**
   * Connects; the caller closes it.
   *
   * @throws IOException when no server can be used, with a sentence that names them without
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
      // Without its cause, which the sentence tells already.
      throw new IOException(
          "NATS at "
              + String.join(", ", connections.servers())
              + " cannot be used: "
              + Trouble.describe(e));
    }
  }

  /** Why NATS did not do what was asked, as a sentence without passwords. */
  public static String describe(IOException failure) {
    return Trouble.describe(failure);
  }

  /** Why JetStream refused, as a sentence without passwords. */
  public static String describe(JetStreamApiException refusal) {
    return Trouble.describe(refusal);
  }
}
