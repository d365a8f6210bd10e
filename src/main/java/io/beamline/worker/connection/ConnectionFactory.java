package io.beamline.worker.connection;

import io.beamline.worker.config.UnusableSettingException;
import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.spring.boot.autoconfigure.NatsProperties;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes connections from {@code nats.spring.*}. They do not reconnect by themselves: the client
 * would send what was queued for the old server to the new one. Used by one thread.
 */
final class ConnectionFactory {

  private static final Logger log = LoggerFactory.getLogger(ConnectionFactory.class);
  private static final int OUTGOING_QUEUE = 64 * 1024;

  /** The server adds to a line of the longest kind that it takes. */
  private static final int LONGEST_CONTROL_LINE = 16 * 1024;

  /**
   * What the operating system may hold, in bytes: what it has taken is not seen to move any more.
   */
  private static final int SEND_BUFFER = 256 * 1024;

  /** The client would count pings that are only slow; {@link NatsSessions} judges instead. */
  private static final int ANY_NUMBER = 0;

  private static final int UNANSWERED_PINGS = 3;

  private final NatsProperties settings;
  private final String name;
  private final LogThrottle throttle;
  private final TimeSource time;
  private final MissingPermissions permissions;
  private final Set<String> discovered = new LinkedHashSet<>();

  ConnectionFactory(
      NatsProperties settings,
      WorkerProperties worker,
      LogThrottle throttle,
      TimeSource time,
      MissingPermissions permissions) {
    this.settings = settings;
    this.name = worker.id();
    this.throttle = throttle;
    this.time = time;
    this.permissions = permissions;
  }

  /**
   * A new connection.
   *
   * @param lost run when the connection is over, or one of its threads has died; maybe twice
   * @throws IOException when no server answers, or the settings cannot be used
   */
  Connection connect(Runnable lost) throws IOException, InterruptedException {
    QuietErrorListener errors = new QuietErrorListener(throttle, permissions);
    ClientThreads threads =
        new ClientThreads(
            name,
            cause -> {
              lost.run();
              threadDied(cause);
            });
    boolean connected = false;
    try {
      Connection connection =
          Nats.connect(
              options()
                  .connectionName(name)
                  .noReconnect()
                  .maxMessagesInOutgoingQueue(OUTGOING_QUEUE)
                  .maxControlLine(LONGEST_CONTROL_LINE)
                  .dataPortType(GuardedDataPort.class.getName())
                  .executor(threads)
                  .maxPingsOut(ANY_NUMBER)
                  .sendBufferSize(SEND_BUFFER)
                  .statisticsCollector(new LinkProgress(time))
                  .connectionListener(
                      (source, event) -> {
                        if (event == ConnectionListener.Events.CLOSED) {
                          threads.shutdown();
                          lost.run();
                        }
                      })
                  .errorListener(errors)
                  .build());
      connected = true;
      remember(connection.getServers());
      return connection;
    } catch (GeneralSecurityException e) {
      throw new IOException("the TLS settings of nats.spring cannot be used: " + e.getMessage(), e);
    } catch (AuthenticationException e) {
      throw e;
    } catch (IOException e) {
      Exception failure = errors.failure();
      throw failure == null ? e : new IOException(e.getMessage(), failure);
    } finally {
      if (!connected) {
        threads.shutdown();
      }
    }
  }

  /**
   * How long nothing may move over a connection before it is taken for dead: three pings have had
   * no answer then. Zero for any time, where the settings turn pings off.
   */
  Duration silence() {
    Duration ping = settings.getPingInterval();
    return ping == null || ping.isNegative() ? Duration.ZERO : ping.multipliedBy(UNANSWERED_PINGS);
  }

  /** Fails when the settings can never make a connection. */
  void check() {
    ServerAddresses.check(settings.getServer());
    ServerLogin.check(settings);
    try {
      tls().context();
    } catch (GeneralSecurityException e) {
      throw new UnusableSettingException(
          "nats.spring.*", String.valueOf(e.getMessage()), "TLS settings that Java can use");
    }
  }

  /** What the server has refused over any of the connections. */
  MissingPermissions permissions() {
    return permissions;
  }

  /** The configured servers, without user or password. */
  List<String> servers() {
    return configured().stream().map(ConnectionFactory::host).toList();
  }

  private Options.Builder options() throws IOException, GeneralSecurityException {
    Options.Builder options = settings.toOptionsBuilder();
    if (!discovered.isEmpty()) {
      options.servers(allServers());
    }
    SSLContext context = tls().context();
    return context == null ? options : options.sslContext(context);
  }

  private ServerTls tls() {
    return new ServerTls(settings, configured());
  }

  private List<String> configured() {
    String servers = settings.getServer();
    return List.of((servers == null ? Options.DEFAULT_URL : servers).split(","));
  }

  private static void threadDied(Throwable cause) {
    log.atError()
        .setCause(cause)
        .log("A thread of the connection to NATS has died; the connection is renewed");
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
