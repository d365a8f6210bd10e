package io.beamline.worker.connection;

import io.beamline.worker.config.TlsBundle;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections with the settings of {@code nats.spring.*}. They do not reconnect by
 * themselves, because the client would send messages queued for the old server to the new one. The
 * client does not check subjects: it would do so for each message, and all of them are from checked
 * settings, from the server, or checked by the block that sends a request. {@link #connect} is
 * called by one thread.
 */
final class ConnectionFactory {

  private static final Logger log = LoggerFactory.getLogger(ConnectionFactory.class);
  private static final int OUTGOING_QUEUE_SIZE = 64 * 1024;

  /** More than the server's own limit, because the server adds to the lines that it forwards. */
  private static final int MAX_CONTROL_LINE_BYTES = 16 * 1024;

  /**
   * The operating system's send buffer. It is small because the worker cannot see the progress of
   * bytes in it.
   */
  private static final int SEND_BUFFER_BYTES = 256 * 1024;

  /**
   * Turns off the client's own limit, which also counts slow answers. {@link NatsSessions} detects
   * silence instead.
   */
  private static final int NO_LIMIT_OF_PINGS = 0;

  private static final int UNANSWERED_PINGS = 3;

  private final NatsProperties settings;
  private final @Nullable TlsBundle bundle;
  private final String name;
  private final LogThrottle throttle;
  private final TimeSource time;
  private final MissingPermissions permissions;
  private final Set<String> discovered = new LinkedHashSet<>();

  /**
   * Creates a factory.
   *
   * @param bundle the certificates; null for what {@code settings} says
   */
  ConnectionFactory(
      NatsProperties settings,
      @Nullable TlsBundle bundle,
      WorkerProperties worker,
      LogThrottle throttle,
      TimeSource time,
      MissingPermissions permissions) {
    this.settings = settings;
    this.bundle = bundle;
    this.name = nameOf(worker.id());
    this.throttle = throttle;
    this.time = time;
    this.permissions = permissions;
  }

  /** The client writes the name into JSON as it is, and a server refuses what is no JSON. */
  private static String nameOf(String workerId) {
    return workerId.replace('"', '_').replace('\\', '_');
  }

  /**
   * Returns a new connection.
   *
   * @param lost run when the connection has ended or one of its threads has died; may run twice, on
   *     a thread of the client
   * @throws IOException when no server answers, or the TLS settings cannot be used
   */
  Connection connect(Runnable lost) throws IOException, InterruptedException {
    ClientErrorListener errors = new ClientErrorListener(throttle, permissions);
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
                  .maxMessagesInOutgoingQueue(OUTGOING_QUEUE_SIZE)
                  .maxControlLine(MAX_CONTROL_LINE_BYTES)
                  .subjectValidationType(Options.SubjectValidationType.None)
                  .dataPortType(GuardedDataPort.class.getName())
                  .executor(threads)
                  .maxPingsOut(NO_LIMIT_OF_PINGS)
                  .sendBufferSize(SEND_BUFFER_BYTES)
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
      throw new IOException("the TLS settings cannot be used: " + e.getMessage(), e);
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
   * Returns the time without any traffic after which a connection counts as dead: three ping
   * intervals. Zero, for no limit, when the settings turn pings off.
   */
  Duration silenceTimeout() {
    Duration ping = settings.getPingInterval();
    return ping == null || ping.isNegative() ? Duration.ZERO : ping.multipliedBy(UNANSWERED_PINGS);
  }

  /**
   * Checks the settings without connecting.
   *
   * @throws UnusableSettingException when they can never make a connection
   */
  void check() {
    ServerAddresses.check(settings.getServer());
    ServerLogin.check(settings);
    if (bundle != null) {
      ServerTls.refuseBoth(settings, bundle);
    }
    try {
      tls().context();
    } catch (GeneralSecurityException e) {
      throw new UnusableSettingException(
          "nats.spring.*", String.valueOf(e.getMessage()), "TLS settings that Java can use");
    }
  }

  /** Returns the permissions that the server has refused on any of the connections. */
  MissingPermissions permissions() {
    return permissions;
  }

  /** Returns the configured servers, without user or password. */
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
    return new ServerTls(settings, bundle, configured());
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
