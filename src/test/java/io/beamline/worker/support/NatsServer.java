package io.beamline.worker.support;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * A real NATS server with JetStream, on a port and with a store of its own. It can be stopped,
 * killed and started again on the same port. Closing it, or the end of this JVM, ends it and
 * deletes the store. Not thread-safe.
 */
public final class NatsServer implements AutoCloseable {

  /** The store's folder, beside the configuration file. */
  static final String STORE = "store";

  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
  private static final int START_ATTEMPTS = 3;

  private final NatsRuntime runtime;
  private final Path folder;
  private final String domain;
  private final Thread shutdownHook = new Thread(this::end, "nats-server-end");
  private int port;

  private NatsServer(NatsRuntime runtime, String domain) throws IOException {
    this.runtime = runtime;
    this.domain = domain;
    this.folder = Files.createTempDirectory("beamline-nats-");
  }

  /**
   * Starts a server and waits until it takes connections.
   *
   * @param config further lines of its configuration file, such as {@code max_payload: 65536} or
   *     {@code authorization: {user: a, password: b}}
   */
  public static NatsServer start(String... config) {
    return start(NatsBinary.ofThisMachine(line -> {}), config);
  }

  /** As {@link #start}, and reports what takes long, such as a download. */
  public static NatsServer startReporting(Consumer<String> report) {
    return start(NatsBinary.ofThisMachine(report));
  }

  /** As {@link #start}, with a JetStream domain. */
  public static NatsServer startInDomain(String domain, String... config) {
    return start(NatsBinary.ofThisMachine(line -> {}), domain, config);
  }

  static NatsServer start(NatsBinary binary, String... config) {
    return start(binary, "", config);
  }

  private static NatsServer start(NatsBinary binary, String domain, String... config) {
    try {
      NatsServer server = new NatsServer(binary.find(), domain);
      Runtime.getRuntime().addShutdownHook(server.shutdownHook);
      server.startOnFreePort(List.of(config));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The program that {@link #start} runs; null where it runs a container. */
  public static @Nullable Path program() {
    return NatsBinary.ofThisMachine(line -> {}).find() instanceof NatsProcess process
        ? process.program()
        : null;
  }

  /** Where clients connect. */
  public String url() {
    return "nats://127.0.0.1:" + port;
  }

  /**
   * A connection that survives restarts of the server and reports nothing; the caller closes it.
   */
  public Connection connect() {
    Options options =
        Options.builder()
            .server(url())
            .maxReconnects(-1)
            .reconnectWait(Duration.ofMillis(100))
            .errorListener(new ErrorListener() {})
            .build();
    try {
      return Nats.connect(options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Closes a connection. An interrupted thread stays interrupted. */
  public static void disconnect(Connection connection) {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The port; the same after each restart. */
  public int port() {
    return port;
  }

  /** What runs it, for a person. */
  public String description() {
    return runtime.description();
  }

  /** What it has written to its log since it was made. */
  public String log() {
    return runtime.log();
  }

  /** Whether it runs. */
  public boolean running() {
    return runtime.alive();
  }

  /** Ends it with SIGTERM; the store stays. */
  public void stop() {
    runtime.stop();
  }

  /** Ends it with SIGKILL; the store stays as it is on the disk. */
  public void kill() {
    runtime.kill();
  }

  /** Gives it other lines of configuration, which its next start reads. */
  public void reconfigure(String... config) {
    try {
      Files.writeString(configFile(), configuration(List.of(config)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has it read its configuration again while it runs and keeps its connections. */
  public void reload() {
    int before = log().length();
    runtime.reload(configFile());
    Awaitility.await()
        .atMost(START_TIMEOUT)
        .until(() -> log().substring(before).contains("Reloaded server configuration"));
  }

  /** Starts it on the same port with the same store, after ending it orderly when it runs. */
  public void restart() {
    stop();
    try {
      runtime.start(configFile(), port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!becomesReady()) {
      throw new IllegalStateException("nats-server did not start again:\n" + log());
    }
  }

  /** Deletes all streams and consumers; the server must have ended. */
  public void wipeStore() {
    if (running()) {
      throw new IllegalStateException("stop the server before its store is wiped");
    }
    delete(folder.resolve(STORE));
  }

  /** Leaves the server to the caller: only {@link #close()} ends it, not the end of this JVM. */
  public NatsServer endedOnlyByClose() {
    Runtime.getRuntime().removeShutdownHook(shutdownHook);
    return this;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // the JVM ends already: what follows is harmless when done twice
    }
    end();
  }

  private void startOnFreePort(List<String> config) throws IOException {
    for (int attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
      port = FreePort.find();
      Files.writeString(configFile(), configuration(config));
      runtime.start(configFile(), port);
      if (becomesReady()) {
        return;
      }
      runtime.kill();
    }
    String log = log();
    close();
    throw new IllegalStateException("nats-server did not start:\n" + log);
  }

  private Path configFile() {
    return folder.resolve("nats.conf");
  }

  private String configuration(List<String> lines) {
    boolean contained = runtime instanceof NatsContainer;
    String store =
        contained ? "/tmp/" + STORE : folder.resolve(STORE).toString().replace('\\', '/');
    return """
    host: "%s"
    port: %d
    jetstream: {store_dir: "%s"%s}
    %s
    """
        .formatted(
            contained ? "0.0.0.0" : "127.0.0.1",
            port,
            store,
            domain.isEmpty() ? "" : ", domain: " + domain,
            String.join("\n", lines));
  }

  private boolean becomesReady() {
    try {
      Awaitility.await()
          .atMost(START_TIMEOUT)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !runtime.alive() || greets());
    } catch (ConditionTimeoutException e) {
      return false;
    }
    return runtime.alive();
  }

  /** The server's first line says INFO, and only after JetStream has recovered its store. */
  private boolean greets() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      socket.setSoTimeout(1000);
      InputStream in = socket.getInputStream();
      return "INFO".equals(new String(in.readNBytes(4), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return false;
    }
  }

  private void end() {
    runtime.stop();
    if (runtime instanceof NatsContainer container) {
      container.remove();
    }
    delete(folder);
  }

  private static void delete(Path path) {
    try {
      FileSystemUtils.deleteRecursively(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
