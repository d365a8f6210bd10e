package io.beamline.worker.support;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds something that runs a NATS server, in this order: the program that the variable {@code
 * NATS_SERVER} names, {@code nats-server} on the PATH, in a system folder, a container, the
 * official release or else the distribution's package, unpacked below {@code target/}.
 *
 * @param path folders separated as in the PATH variable
 * @param systemFolders folders that a PATH often lacks
 * @param containers whether a container engine answers; asked only when no binary is installed
 * @param unpackFolder where a server is unpacked; what an earlier run left there is used again
 * @param release the official release; empty where none is for this platform
 */
record NatsBinary(
    String path,
    List<Path> systemFolders,
    BooleanSupplier containers,
    Path unpackFolder,
    Optional<NatsDownload> release) {

  /** The program's file name on this platform. */
  static final String PROGRAM = "nats-server" + (isWindows() ? ".exe" : "");

  private static final String PACKAGE = "nats-server";
  private static final String VARIABLE = "NATS_SERVER";
  private static final String RELEASES_VARIABLE = "NATS_SERVER_RELEASES";
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final List<Path> SYSTEM_FOLDERS =
      List.of(Path.of("/usr/sbin"), Path.of("/usr/local/bin"));

  /**
   * The search on this machine. The variable {@code NATS_SERVER_RELEASES} names a mirror of the
   * official releases.
   *
   * @param report receives what a person should know meanwhile
   */
  static NatsBinary ofThisMachine(Consumer<String> report) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    String named = System.getenv(VARIABLE);
    return new NatsBinary(
        named == null ? path : folderOf(Path.of(named)) + File.pathSeparator + path,
        SYSTEM_FOLDERS,
        NatsContainer::available,
        Path.of("target", PACKAGE).toAbsolutePath(),
        NatsArchive.of(System.getProperty("os.name"), System.getProperty("os.arch"))
            .map(archive -> new NatsDownload(archive, releases(), PATIENCE, report)));
  }

  private static String releases() {
    String named = System.getenv(RELEASES_VARIABLE);
    if (named == null || named.isBlank()) {
      return NatsArchive.RELEASES;
    }
    if (!named.matches("https?://[^\\s@/]+(/\\S*)?")) {
      throw new IllegalStateException(
          RELEASES_VARIABLE
              + (named.contains("@") ? " has a login" : " is " + named)
              + ", but must be an address that begins with http, without a login");
    }
    return named;
  }

  private static Path folderOf(Path named) {
    Path program = named.toAbsolutePath();
    if (!program.endsWith(PROGRAM) || !isProgram(program)) {
      throw new IllegalStateException(
          VARIABLE + " is " + named + ", but must be the path of a program " + PROGRAM);
    }
    return Objects.requireNonNull(program.getParent());
  }

  /**
   * What runs the server.
   *
   * @throws NoNatsServerException when there is nothing; the message says what to do
   */
  NatsRuntime find() {
    Optional<Path> installed = installed();
    if (installed.isPresent()) {
      return new NatsProcess(installed.get());
    }
    if (containers.getAsBoolean()) {
      return new NatsContainer();
    }
    return new NatsProcess(unpacked().orElseGet(this::fetch));
  }

  private Path fetch() {
    String problem = "the project knows no release of it for this platform";
    if (release.isPresent()) {
      try {
        return release.get().fetchTo(unpackFolder);
      } catch (IOException e) {
        problem = release.get().source() + " could not be used: " + describe(e);
      }
    }
    Optional<Path> unpacked = unpack();
    if (unpacked.isPresent()) {
      return unpacked.get();
    }
    throw new NoNatsServerException(whatToDo(problem));
  }

  private static String describe(IOException e) {
    return e.getClass() == IOException.class ? String.valueOf(e.getMessage()) : e.toString();
  }

  private String whatToDo(String problem) {
    return """
    No NATS server was found, and none could be fetched: %s
    Do one of these, and try again:
    - Install nats-server. Debian and Ubuntu: apt-get install nats-server. macOS: brew install nats-server.
      Windows: scoop install nats-server.
    - Fetch a release of it from %s by other means, and unpack it in %s.
    - Set %s to a mirror of these releases.
    - Set %s to a program nats-server, or start a container engine.
    - The demo also takes a running server with JetStream: set NATS_URL to its address."""
        .formatted(
            problem,
            NatsArchive.RELEASES.replace("/download", ""),
            unpackFolder,
            RELEASES_VARIABLE,
            VARIABLE);
  }

  private Optional<Path> installed() {
    Stream<Path> onPath =
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(path)
            .filter(folder -> !folder.isBlank())
            .map(Path::of);
    return Stream.concat(onPath, systemFolders.stream())
        .map(folder -> folder.resolve(PROGRAM))
        .filter(NatsBinary::isProgram)
        .findFirst();
  }

  private Optional<Path> unpacked() {
    if (!Files.isDirectory(unpackFolder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(unpackFolder, new FileVisitOption[0])) {
      return files.filter(file -> file.endsWith(PROGRAM) && isProgram(file)).findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Debian's package, without root: the package lists are fetched only when there are none. */
  private Optional<Path> unpack() {
    try {
      Files.createDirectories(unpackFolder);
      if (!run("apt-get", "download", PACKAGE)) {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!root || !run("apt-get", "update") || !run("apt-get", "download", PACKAGE)) {
          return Optional.empty();
        }
      }
      try (Stream<Path> files = Files.list(unpackFolder)) {
        Optional<Path> deb = files.filter(file -> file.toString().endsWith(".deb")).findFirst();
        return deb.isPresent() && run("dpkg", "-x", deb.get().toString(), ".")
            ? unpacked()
            : Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private boolean run(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(unpackFolder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(unpackFolder.resolve("unpack.log").toFile())
            .start();
    try {
      if (process.waitFor(120, TimeUnit.SECONDS)) {
        return process.exitValue() == 0;
      }
      process.destroyForcibly();
      return false;
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean isWindows() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }
}
