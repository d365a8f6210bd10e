package io.beamline.worker.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * A MariaDB server of a test's own, from the programs of this machine. Closing it ends it and
 * deletes its folder. Not thread-safe.
 */
final class MariaDbServer implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final List<Path> FOLDERS =
      List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/usr/local/bin"));

  private final Path folder;
  private final int port = FreePort.find();
  private final Process process;

  private MariaDbServer(Path server, Path installer) throws IOException {
    folder = Files.createTempDirectory("beamline-mariadb-");
    Process installing =
        command(
                installer,
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--datadir=" + data())
            .start();
    if (ended(installing) != 0) {
      throw new IOException("No MariaDB\n" + Files.readString(folder.resolve("log.txt")));
    }
    process =
        command(
                server,
                "--datadir=" + data(),
                "--port=" + port,
                "--socket=" + folder.resolve("socket"),
                "--bind-address=127.0.0.1",
                "--innodb-flush-log-at-trx-commit=0")
            .start();
    Awaitility.await("MariaDB answers").atMost(SOON).until(this::answers);
  }

  /** A server that answers; null where this machine has no programs for it. */
  static @Nullable MariaDbServer startIfInstalled() {
    Path server = program("mariadbd");
    Path installer = program("mariadb-install-db");
    if (server == null || installer == null) {
      return null;
    }
    try {
      return new MariaDbServer(server, installer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port on the loopback address, where root needs no password. */
  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    ended(process);
    try {
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path data() {
    return folder.resolve("data");
  }

  private boolean answers() {
    try (Connection connection =
        DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/", "root", "")) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  private ProcessBuilder command(Path program, String... options) {
    List<String> command = new ArrayList<>(List.of(program.toString(), "--no-defaults"));
    command.add("--user=" + System.getProperty("user.name"));
    command.addAll(List.of(options));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log.txt").toFile()));
  }

  private static int ended(Process ending) {
    try {
      if (!ending.waitFor(SOON.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("it does not end");
      }
      return ending.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable Path program(String name) {
    Stream<Path> found = FOLDERS.stream().map(folder -> folder.resolve(name));
    return found.filter(Files::isExecutable).findFirst().orElse(null);
  }
}
