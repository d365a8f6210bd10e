package io.beamline.worker.connection;

import io.beamline.worker.config.WorkerProperties;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.spring.boot.autoconfigure.NatsProperties;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes connections from {@code nats.spring.*}. They do not reconnect by themselves: the client
 * would send what was queued for the old server to the new one. Used by one thread.
 */
final class ConnectionFactory {

  private static final int OUTGOING_QUEUE = 64 * 1024;

  private final NatsProperties settings;
  private final String name;
  private final Set<String> discovered = new LinkedHashSet<>();

  ConnectionFactory(NatsProperties settings, WorkerProperties worker) {
    this.settings = settings;
    this.name = worker.id();
  }

  /**
   * A new connection.
   *
   * @param lost run once when the connection is over
   * @throws IOException when no server answers, or the settings cannot be used
   */
  Connection connect(Runnable lost) throws IOException, InterruptedException {
    try {
      Options.Builder options = settings.toOptionsBuilder();
      if (!discovered.isEmpty()) {
        options.servers(allServers());
      }
      Connection connection =
          Nats.connect(
              options
                  .connectionName(name)
                  .noReconnect()
                  .maxMessagesInOutgoingQueue(OUTGOING_QUEUE)
                  .connectionListener(
                      (source, event) -> {
                        if (event == ConnectionListener.Events.CLOSED) {
                          lost.run();
                        }
                      })
                  .errorListener(new QuietErrorListener())
                  .build());
      remember(connection.getServers());
      return connection;
    } catch (GeneralSecurityException e) {
      throw new IOException("the TLS settings of nats.spring cannot be used: " + e.getMessage(), e);
    }
  }

  /** The configured servers, without user or password. */
  List<String> servers() {
    return configured().stream().map(ConnectionFactory::host).toList();
  }

  private List<String> configured() {
    String servers = settings.getServer();
    return List.of(
        (servers == null || servers.isEmpty() ? Options.DEFAULT_URL : servers).split(","));
  }

  private void remember(Collection<String> servers) {
    discovered.clear();
    discovered.addAll(servers);
  }

  private String[] allServers() {
    Set<String> all = new LinkedHashSet<>(configured());
    all.addAll(discovered);
    return all.toArray(String[]::new);
  }

  private static String host(String url) {
    return url.strip().substring(url.strip().lastIndexOf('@') + 1);
  }
}
