package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.support.FakeTime;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.support.NatsServer;
import io.nats.client.Connection;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the client reports, and how often that is said. */
class ClientErrorListenerTest {

  @Test
  void thinsAStormAndSaysHowMuchItLeftOut() throws Exception {
    FakeTime time = new FakeTime();
    ClientErrorListener listener =
        new ClientErrorListener(
            new LogThrottle(time, Duration.ofSeconds(10)), new MissingPermissions(time, Map.of()));
    try (NatsServer nats = NatsServer.start();
        Connection connection = nats.connect();
        LogLines lines = new LogLines()) {
      for (int i = 0; i < 100; i++) {
        listener.errorOccurred(connection, "Permissions Violation");
      }
      assertThat(lines.warnings()).hasSize(1);
      time.advance(Duration.ofSeconds(10));
      listener.errorOccurred(connection, "Permissions Violation");
      assertThat(lines.warnings()).hasSize(2).last().asString().contains("suppressed=\"99\"");
    }
  }
}
