package io.beamline.worker.connection;

import io.beamline.worker.config.NatsDeliveryProperties;
import io.beamline.worker.config.TlsBundle;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.spring.boot.autoconfigure.NatsProperties;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Sessions with settings as the worker reads them. */
public final class ConnectionFixture {

  private ConnectionFixture() {}

  /** The settings, all defaults but those given, such as {@code worker.nats.durable=x}. */
  public static NatsDeliveryProperties settings(String... properties) {
    Map<String, String> set = new HashMap<>();
    for (String property : properties) {
      String[] parts = property.split("=", 2);
      set.put(parts[0], parts[1]);
    }
    return new Binder(new MapConfigurationPropertySource(set))
        .bindOrCreate("worker.nats", NatsDeliveryProperties.class);
  }

  /** A session on a connection that a test made, of a stream with this identity. */
  public static NatsSession session(Connection connection, String identity, Duration ackWait) {
    return session(connection, identity, ackWait, Map.of());
  }

  /** A session whose streams limit the messages of these subjects, in bytes. */
  public static NatsSession session(
      Connection connection, String identity, Duration ackWait, Map<String, Long> limits) {
    return session(new JetStreamApi(connection, ""), identity, ackWait, limits);
  }

  /** A session of a JetStream domain, with a stream of this identity. */
  public static NatsSession session(
      JetStreamApi jetStream, String identity, Duration ackWait, Map<String, Long> limits) {
    return new NatsSession(jetStream, "STREAM", identity, ConsumerTerms.unlimited(ackWait), limits);
  }

  /** A session on a connection that a test made, of the streams that it finds or makes. */
  public static NatsSession prepared(Connection connection, String... properties) {
    try {
      return new JetStreamPreparation(settings(properties)).prepare(connection);
    } catch (UnusableStreamException | JetStreamApiException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static NatsSessions sessions(String url, SessionPreparation preparation) {
    NatsProperties nats = new NatsProperties();
    nats.setServer(url);
    return new NatsSessions(connections(nats), preparation);
  }

  static ConnectionFactory connections(NatsProperties nats) {
    return connections(nats, null);
  }

  static ConnectionFactory connections(NatsProperties nats, @Nullable TlsBundle tls) {
    return connections(nats, tls, "w-1");
  }

  static ConnectionFactory connections(
      NatsProperties nats, @Nullable TlsBundle tls, String workerId) {
    WorkerProperties worker =
        new Binder(new MapConfigurationPropertySource(Map.of("worker.id", workerId)))
            .bindOrCreate("worker", WorkerProperties.class);
    return new ConnectionFactory(
        nats,
        tls,
        worker,
        new LogThrottle(TimeSource.system(), Duration.ofSeconds(1)),
        TimeSource.system(),
        MissingPermissions.of(TimeSource.system(), settings().subjects()));
  }

  /** Sessions of JetStream; settings such as {@code worker.nats.provision=false}. */
  public static NatsSessions sessions(String url, String... properties) {
    return sessions(url, new JetStreamPreparation(settings(properties)));
  }

  /** Writes down what it is told. */
  static final class Diary implements SessionListener {

    final List<NatsSession> opened = new CopyOnWriteArrayList<>();
    final List<String> calls = new CopyOnWriteArrayList<>();

    @Override
    public void opened(NatsSession session) {
      opened.add(session);
      calls.add("opened");
    }

    @Override
    public void closed() {
      calls.add("closed");
    }
  }
}
