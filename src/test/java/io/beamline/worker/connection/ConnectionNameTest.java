package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.NatsServer;
import io.nats.client.Connection;
import io.nats.spring.boot.autoconfigure.NatsProperties;
import org.junit.jupiter.api.Test;

/** A worker's id may have any printable character; the server takes each of them. */
class ConnectionNameTest {

  @Test
  void connectsWithEveryCharacterThatAnIdMayHave() throws Exception {
    StringBuilder id = new StringBuilder();
    for (char c = '!'; c <= '~'; c++) {
      id.append(c);
    }
    try (NatsServer server = NatsServer.start()) {
      NatsProperties nats = new NatsProperties();
      nats.setServer(server.url());
      ConnectionFactory factory = ConnectionFixture.connections(nats, null, id.toString());
      Connection connection = factory.connect(() -> {});
      assertThat(connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
      connection.close();
    }
  }
}
