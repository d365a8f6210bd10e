package io.beamline.worker.support;

import io.beamline.worker.feature.WorkerFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * The built jar as a process of its own, on free ports and in a folder of its own. It starts from
 * its {@link WorkerImage} unless told otherwise. Closing it kills the process and deletes the
 * folder. Not thread-safe.
 *
 * <pre>{@code
 * try (WorkerProcess worker = WorkerProcess.of(nats.url()).env("WORKER_ID", "w1").start()) { … }
 * }</pre>
 */
public final class WorkerProcess implements AutoCloseable {

  /** The administrator's password of every worker that is started here. */
  public static final String ADMIN_PASSWORD = "test-password";

  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
  private static final Duration PORT_PATIENCE = Duration.ofSeconds(60);
  private static final int DEFAULT_PORT = 9091;
  private static final int DEFAULT_MANAGEMENT_PORT = 9092;
  private static final Set<String> OWN_VARIABLES =
      Set.of(
          "WORKER", "NATS", "CP2", "SPRING", "SERVER", "MANAGEMENT", "TOGGLZ", "LOGGING", "OTEL");

  private final Process process;
  private final Path folder;
  private final int port;
  private final int managementPort;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Thread shutdownHook = new Thread(this::destroy, "worker-process-end");

  private WorkerProcess(Builder builder) throws IOException {
    folder = Files.createTempDirectory("beamline-worker-");
    port = builder.bare ? FreePort.await(DEFAULT_PORT, PORT_PATIENCE) : FreePort.find();
    managementPort =
        builder.bare ? FreePort.await(DEFAULT_MANAGEMENT_PORT, PORT_PATIENCE) : FreePort.find();
    process = builder.launch(folder, port, managementPort);
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  /** A worker for the NATS server at a URL. */
  public static Builder of(String natsUrl) {
    return new Builder(natsUrl);
  }

  /** The folder it runs in; relative paths of its settings lie below. */
  public Path folder() {
    return folder;
  }

  /** The process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /** An address on its public port. */
  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** An address on its management port. */
  public URI managementUri(String path) {
    return URI.create("http://127.0.0.1:" + managementPort + path);
  }

  /**
   * Waits until it says that it is ready. Fails with its log: at once when it ends instead, else
   * after three minutes.
   */
  public WorkerProcess awaitReady() {
    try {
      Awaitility.await("worker ready")
          .atMost(START_TIMEOUT)
          .pollInterval(Duration.ofMillis(100))
          .until(() -> !alive() || ready());
    } catch (ConditionTimeoutException e) {
      throw new IllegalStateException("the worker is not ready\n" + log(), e);
    }
    if (!alive()) {
      throw new IllegalStateException("the worker ended with " + exitCode() + "\n" + log());
    }
    return this;
  }

  /** Whether its readiness probe says yes. */
  public boolean ready() {
    return status(managementUri("/actuator/health/readiness")) == 200;
  }

  /** The HTTP status of a GET; 0 when nothing answers. */
  public int status(URI uri) {
    try {
      return get(uri).statusCode();
    } catch (UncheckedIOException e) {
      return 0;
    }
  }

  /** A GET's answer. */
  public HttpResponse<String> get(URI uri) {
    return send(HttpRequest.newBuilder(uri));
  }

  /** The answer to a GET with HTTP Basic. */
  public HttpResponse<String> get(URI uri, String user, String password) {
    String login = user + ":" + password;
    String encoded = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    return send(HttpRequest.newBuilder(uri).header("Authorization", "Basic " + encoded));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(
          request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Its metrics in Prometheus' text format. */
  public String metrics() {
    HttpResponse<String> answer = get(managementUri("/actuator/prometheus"));
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("the metrics answer " + answer.statusCode());
    }
    return answer.body();
  }

  /**
   * The sum of all samples of a metric whose line contains each of the labels.
   *
   * @param name the exact Prometheus name
   * @param labels such as {@code step_type="echo"}
   */
  public double metric(String name, String... labels) {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> List.of(labels).stream().allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** What it has written to stdout. */
  public List<String> stdout() {
    return lines("stdout.log");
  }

  /** What it has written to stderr. */
  public List<String> stderr() {
    return lines("stderr.log");
  }

  /** Both outputs, for a person. */
  public String log() {
    return String.join("\n", stdout()) + "\n" + String.join("\n", stderr());
  }

  /** Waits until a line of stdout or stderr contains a text. */
  public void awaitLog(String text, Duration atMost) {
    Awaitility.await("'" + text + "' in the log")
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> log().contains(text));
  }

  /** Asks it to end; returns at once. */
  public void sigterm() {
    process.destroy();
  }

  /** Kills it and waits until it is gone. */
  public void kill9() {
    process.destroyForcibly();
    awaitExit(Duration.ofSeconds(15));
  }

  /** Waits until it has ended. Returns its exit code. */
  public int awaitExit(Duration atMost) {
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the worker still runs after " + atMost + "\n" + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return exitCode();
  }

  /** Its exit code; it must have ended. */
  public int exitCode() {
    return process.exitValue();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // the JVM ends already, and its hook does the same
    }
    destroy();
    http.close();
  }

  private void destroy() {
    try {
      process.destroyForcibly().waitFor(15, TimeUnit.SECONDS);
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> lines(String file) {
    try {
      return Files.readAllLines(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a variable of the environment could be one of the worker's settings. */
  static boolean isSetting(String variable) {
    return OWN_VARIABLES.contains(variable.split("_", 2)[0]);
  }

  /** How a worker is started. */
  public static final class Builder {

    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<String> jvmOptions = new ArrayList<>();
    private @Nullable Path jar;
    private @Nullable Path beside;
    private @Nullable List<String> command;
    private boolean bare;

    private Builder(String natsUrl) {
      env("NATS_URL", natsUrl);
      env("WORKER_ADMIN_PASSWORD", ADMIN_PASSWORD);
    }

    /** Sets a variable of its environment. */
    public Builder env(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** Turns every flag on or off. */
    public Builder allFlags(boolean on) {
      for (WorkerFeature flag : WorkerFeature.values()) {
        env(flag.name(), String.valueOf(on));
      }
      return this;
    }

    /**
     * Starts it with an environment of one variable, the address of NATS: on the default ports, for
     * which it waits a while, and with a password that it makes itself.
     */
    public Builder onlyNatsUrl() {
      environment.keySet().retainAll(Set.of("NATS_URL"));
      bare = true;
      return this;
    }

    /** Adds options of its JVM, such as {@code -Xmx256m}. */
    public Builder jvm(String... options) {
      jvmOptions.addAll(List.of(options));
      return this;
    }

    /** Starts the built jar itself, as it is delivered. */
    public Builder fatJar() {
      return jar(WorkerImage.JAR);
    }

    /** Starts another jar than the one that was built here. */
    public Builder jar(Path other) {
      jar = other;
      return this;
    }

    /**
     * Adds the classes of another jar to those of the worker's, as an operator's own blocks. Not
     * possible beside a jar that is started itself.
     */
    public Builder beside(Path classes) {
      beside = classes;
      return this;
    }

    /**
     * Starts it by a command of one's own, to which no options are added. The command becomes the
     * worker, or ends with it.
     */
    public Builder command(List<String> whole) {
      command = whole;
      return this;
    }

    /** Starts it; returns before it is ready. */
    public WorkerProcess launch() {
      Path needed = jar == null ? WorkerImage.JAR : jar;
      if (!Files.isRegularFile(needed)) {
        throw new IllegalStateException(needed + " is missing: run the package phase first");
      }
      try {
        return new WorkerProcess(this);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Starts it and waits until it is ready. */
    public WorkerProcess start() {
      WorkerProcess worker = launch();
      try {
        return worker.awaitReady();
      } catch (RuntimeException e) {
        RuntimeException withLog = new IllegalStateException(worker.log(), e);
        worker.close();
        throw withLog;
      }
    }

    private Process launch(Path folder, int port, int managementPort) throws IOException {
      ProcessBuilder builder =
          new ProcessBuilder(command == null ? java() : command)
              .directory(folder.toFile())
              .redirectOutput(folder.resolve("stdout.log").toFile())
              .redirectError(folder.resolve("stderr.log").toFile());
      Map<String, String> variables = builder.environment();
      variables.keySet().removeIf(name -> bare || isSetting(name));
      if (!bare) {
        variables.put("SERVER_PORT", String.valueOf(port));
        variables.put("MANAGEMENT_SERVER_PORT", String.valueOf(managementPort));
      }
      variables.putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    }

    private List<String> java() throws IOException {
      List<String> java = new ArrayList<>();
      java.add(ThisJdk.program("java"));
      java.add(WorkerImage.QUICK_COMPILER);
      java.addAll(jvmOptions);
      java.addAll(program());
      return java;
    }

    private List<String> program() throws IOException {
      return jar == null
          ? WorkerImage.program(beside, jvmOptions.stream().allMatch(WorkerImage::suits))
          : List.of("-jar", jar.toString());
    }
  }
}
