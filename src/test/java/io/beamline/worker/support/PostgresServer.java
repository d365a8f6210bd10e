package io.beamline.worker.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/**
 * A PostgreSQL server of a test's own, which it may kill and start again. It runs the programs of
 * this machine, or those that the build has. PostgreSQL refuses to run as root, so root starts it
 * as nobody. Closing it ends it and deletes its folder. Not thread-safe.
 */
public final class PostgresServer implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final String NOBODY = "65534";

  private final Path folder;
  private final Path programs;
  private final int port = FreePort.find();
  private @Nullable Process process;

  private PostgresServer(Path folder) throws IOException {
    this.folder = folder;
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    this.programs = programs(folder);
    Path data = Files.createDirectory(folder.resolve("data"));
    if (isRoot()) {
      UserPrincipal nobody =
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
      Files.setOwner(folder, nobody);
      Files.setOwner(data, nobody);
    }
    run("initdb", "-D", data.toString(), "-A", "trust", "-U", "postgres", "-N", "-E", "UTF8");
  }

  /** A server that answers. */
  public static PostgresServer start() {
    try {
      PostgresServer server = new PostgresServer(Files.createTempDirectory("beamline-postgres-"));
      server.restart();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port on the loopback address, the same after each start. */
  public int port() {
    return port;
  }

  /** The URL of its first database. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  /** Kills it, as a crash would. Returns when it is gone. */
  public void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      await(running);
      process = null;
    }
  }

  /** Starts it; returns when it answers. */
  public void restart() {
    // After a kill the old server's processes still hold its memory for a moment.
    Awaitility.await("PostgreSQL answers")
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              Process running = process;
              if (running == null || !running.isAlive()) {
                process =
                    command(
                            "postgres",
                            "-D",
                            folder.resolve("data").toString(),
                            "-p",
                            String.valueOf(port),
                            "-k",
                            folder.toString(),
                            "-c",
                            "listen_addresses=127.0.0.1",
                            "-c",
                            "fsync=off")
                        .start();
              }
              return answers();
            });
  }

  @Override
  public void close() {
    kill();
    Awaitility.await("the files of PostgreSQL are gone")
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> FileSystemUtils.deleteRecursively(folder) || !Files.exists(folder));
  }

  private boolean answers() {
    try (Connection connection = DriverManager.getConnection(url(), "postgres", "")) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  private void run(String... command) throws IOException {
    Process started = command(command).start();
    if (await(started) != 0) {
      throw new IOException(command[0] + " failed\n" + Files.readString(folder.resolve("log.txt")));
    }
  }

  private static int await(Process ending) {
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

  private ProcessBuilder command(String... words) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(
          List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    }
    command.add(programs.resolve(words[0]).toString());
    command.addAll(List.of(words).subList(1, words.length));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log.txt").toFile()));
    builder.environment().put("LC_ALL", "C");
    return builder;
  }

  private static boolean isRoot() {
    return System.getProperty("user.name", "").equals("root");
  }

  private static Path programs(Path folder) throws IOException {
    if (Files.isDirectory(INSTALLED)) {
      try (Stream<Path> versions = Files.list(INSTALLED)) {
        List<Path> found =
            versions
                .map(version -> version.resolve("bin"))
                .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                .sorted(Comparator.reverseOrder())
                .toList();
        if (!found.isEmpty()) {
          return found.getFirst();
        }
      }
    }
    unpack(folder);
    return folder.resolve("bin");
  }

  private static void unpack(Path folder) throws IOException {
    try (InputStream archive = PostgresServer.class.getResourceAsStream(ARCHIVE);
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(archive))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else if (entry.isSymbolicLink()) {
          Files.createDirectories(target.getParent());
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(tar, target);
          boolean executable = (entry.getMode() & 0100) != 0;
          Files.setPosixFilePermissions(
              target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
      }
    }
  }
}
