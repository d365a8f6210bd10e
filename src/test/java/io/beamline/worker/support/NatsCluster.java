package io.beamline.worker.support;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.Options;
import io.nats.client.api.ClusterInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Three real NATS servers that keep their streams together. One of them may be away at a time.
 * Closing it ends them all. Not thread-safe.
 */
public final class NatsCluster implements AutoCloseable {

  private static final int SIZE = 3;
  private static final Duration AGREEMENT = Duration.ofSeconds(60);

  private final List<NatsServer> servers = new ArrayList<>();

  private NatsCluster() {}

  /** Starts the servers, and waits until they agree on who leads. */
  public static NatsCluster start() {
    NatsCluster cluster = new NatsCluster();
    List<Integer> ports = Stream.generate(FreePort::find).limit(SIZE).toList();
    String routes =
        ports.stream()
            .map(port -> "\"nats://127.0.0.1:" + port + "\"")
            .collect(Collectors.joining(", "));
    for (int i = 0; i < SIZE; i++) {
      cluster.servers.add(
          NatsServer.start(
              "server_name: n" + i,
              "cluster {name: together, listen: \"127.0.0.1:%d\", routes: [%s]}"
                  .formatted(ports.get(i), routes)));
    }
    cluster.awaitAgreement();
    return cluster;
  }

  /** Where clients connect, separated by commas. */
  public String urls() {
    return servers.stream().map(NatsServer::url).collect(Collectors.joining(","));
  }

  /** Options of a client that goes to another server when its own is away. */
  public Options options() {
    return Options.builder()
        .server(urls())
        .maxReconnects(-1)
        .reconnectWait(Duration.ofMillis(100))
        .errorListener(new ErrorListener() {})
        .build();
  }

  /**
   * Kills the server that leads a stream.
   *
   * @param connection a connection to the cluster
   * @return the server, which can be started again
   */
  public NatsServer killLeaderOf(String stream, Connection connection) {
    String leader =
        Awaitility.await("the leader of " + stream)
            .atMost(AGREEMENT)
            .ignoreExceptions()
            .until(() -> leader(stream, connection), name -> !name.isEmpty());
    NatsServer server = servers.get(Integer.parseInt(leader.substring(1)));
    server.kill();
    return server;
  }

  private static String leader(String stream, Connection connection)
      throws IOException, JetStreamApiException {
    ClusterInfo cluster = connection.jetStreamManagement().getStreamInfo(stream).getClusterInfo();
    return cluster == null || cluster.getLeader() == null ? "" : cluster.getLeader();
  }

  private void awaitAgreement() {
    Connection connection = servers.getFirst().connect();
    try {
      Awaitility.await("the servers agree")
          .atMost(AGREEMENT)
          .ignoreExceptions()
          .until(() -> connection.jetStreamManagement().getAccountStatistics().getStreams() == 0);
    } finally {
      NatsServer.disconnect(connection);
    }
  }

  @Override
  public void close() {
    servers.forEach(NatsServer::close);
  }
}
