package io.beamline.worker.bench.plain;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The connection, its health, and the streams that are missing, as a server makes them. */
@Configuration(proxyBeanMethods = false)
class PlainNats {

  static final String ASSIGNMENTS = "caf.exec.assign.v1";
  static final String ACKS = "caf.exec.assign.v1.ack";
  static final String RESULTS = "caf.exec.result.v1";

  private static final int OUTGOING_QUEUE = 100_000;

  @Bean
  Connection natsConnection(PlainSettings settings)
      throws IOException, InterruptedException, JetStreamApiException {
    Connection connection =
        Nats.connect(
            Options.builder()
                .server(settings.natsUrl())
                .maxReconnects(-1)
                .maxMessagesInOutgoingQueue(OUTGOING_QUEUE)
                .build());
    JetStreamManagement management = connection.jetStreamManagement();
    make(management, ASSIGNMENTS, "PLAIN_ASSIGNMENTS", RetentionPolicy.WorkQueue);
    make(management, ACKS, "PLAIN_ACKS", RetentionPolicy.Limits);
    make(management, RESULTS, "PLAIN_RESULTS", RetentionPolicy.Limits);
    return connection;
  }

  private static void make(
      JetStreamManagement management, String subject, String name, RetentionPolicy retention)
      throws IOException, JetStreamApiException {
    List<String> there = management.getStreamNames(subject);
    if (there.isEmpty()) {
      var unused =
          management.addStream(
              StreamConfiguration.builder()
                  .name(name)
                  .subjects(subject)
                  .retentionPolicy(retention)
                  .build());
    }
  }

  @Bean
  HealthIndicator nats(Connection connection) {
    return () ->
        connection.getStatus() == Connection.Status.CONNECTED
            ? Health.up().build()
            : Health.down().build();
  }
}
