package io.beamline.worker.support;

import io.nats.client.Connection;
import io.nats.client.JetStreamOptions;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * Two real NATS servers: a hub with the JetStream domain {@code hub}, and a leaf node with a
 * JetStream and a domain of its own. Closing it ends both. Not thread-safe.
 */
public final class NatsLeaf implements AutoCloseable {

  /** The domain of the hub. */
  public static final String DOMAIN = "hub";

  private static final Duration LINKED = Duration.ofSeconds(30);

  private final NatsServer hub;
  private final NatsServer leaf;

  private NatsLeaf(NatsServer hub, NatsServer leaf) {
    this.hub = hub;
    this.leaf = leaf;
  }

  /**
   * Starts both, and waits until the leaf node reaches the hub's JetStream.
   *
   * @param leafConfig further lines of the leaf node's configuration
   */
  public static NatsLeaf start(String... leafConfig) {
    int port = FreePort.find();
    NatsServer hub =
        NatsServer.startInDomain(DOMAIN, "leafnodes {listen: \"127.0.0.1:" + port + "\"}");
    String link = "leafnodes {reconnect: 1, remotes: [{url: \"nats://127.0.0.1:" + port + "\"}]}";
    NatsServer leaf = NatsServer.startInDomain("leaf", link + "\n" + String.join("\n", leafConfig));
    NatsLeaf both = new NatsLeaf(hub, leaf);
    both.awaitLink();
    return both;
  }

  /** The server that the Router is connected to. */
  public NatsServer hub() {
    return hub;
  }

  /** The server that the workers are connected to. */
  public NatsServer leaf() {
    return leaf;
  }

  private void awaitLink() {
    Connection connection = hub.connect();
    try {
      Awaitility.await("the link between hub and leaf node")
          .atMost(LINKED)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(50))
          .ignoreExceptions()
          .until(
              () ->
                  connection
                          .jetStreamManagement(JetStreamOptions.builder().domain("leaf").build())
                          .getAccountStatistics()
                          .getStreams()
                      == 0);
    } finally {
      NatsServer.disconnect(connection);
    }
  }

  @Override
  public void close() {
    leaf.close();
    hub.close();
  }
}
