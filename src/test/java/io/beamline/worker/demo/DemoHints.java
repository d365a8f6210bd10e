package io.beamline.worker.demo;

import io.beamline.worker.WorkerApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * What the demo prints at its first result: what to try next, and where to look. One of these lines
 * is a command that assigns a step by hand; it needs no jar, but a file with the arguments of the
 * JVM, which is there until this is closed. Used by one thread.
 */
public final class DemoHints implements AutoCloseable {

  private static final Path ARGUMENTS = Path.of("target", "demo", "by-hand");

  private final int port;
  private final int managementPort;
  private final String password;
  private final Path log;

  /**
   * Creates the hints.
   *
   * @param port the worker's port of the console
   * @param managementPort its port of health and metrics
   * @param password the administrator's password
   * @param log the worker's log
   */
  public DemoHints(int port, int managementPort, String password, Path log) {
    this.port = port;
    this.managementPort = managementPort;
    this.password = password;
    this.log = log;
  }

  /**
   * Writes the file that the command needs.
   *
   * @param ownServer the address of the demo's own NATS server; null if {@code NATS_URL} names the
   *     server. That address may contain a password and gets into no file.
   */
  public DemoHints withCommandFor(@Nullable String ownServer) throws IOException {
    String server = ownServer == null ? "" : "-Dnats.spring.server=" + ownServer;
    Files.createDirectories(ARGUMENTS.getParent());
    Files.writeString(
        ARGUMENTS,
        """
        -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED
        %s
        -cp "%s"
        %s
        """
            .formatted(
                server,
                System.getProperty("java.class.path").replace("\\", "\\\\"),
                WorkerApplication.class.getName()));
    return this;
  }

  /** The lines, without a line break at the end. */
  public String lines() {
    return """
    --- first result: the worker works ---
    Assign a step of your own, in another terminal in this folder:
      %s
    Look at
      health   http://localhost:%d/actuator/health
      metrics  http://localhost:%d/actuator/prometheus
      flags    http://localhost:%d/togglz-console  (log in as admin with %s)
      log      %s
    Turn CP2_ADVANCED_RETRY_ENABLED on there, and http.request is no longer tried twice for a 404.
    Ctrl-C ends the demo.
    ---"""
        .formatted(command(), managementPort, managementPort, port, password, log);
  }

  @Override
  public void close() throws IOException {
    FileSystemUtils.deleteRecursively(ARGUMENTS);
  }

  /** As it is pasted: the program java of the path may be too old. */
  private static String command() {
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String payload = windows ? "{\\\"hello\\\":\\\"world\\\"}" : "{\"hello\": \"world\"}";
    String quote = windows ? "\"" : "'";
    return (java.contains(" ") ? "\"" + java + "\"" : java)
        + " @%s --assign echo %s%s%s --wait".formatted(ARGUMENTS, quote, payload, quote);
  }
}
