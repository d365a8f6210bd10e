package io.beamline.worker.support;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds something that runs a NATS server, in this order: the program that the variable {@code
 * NATS_SERVER} names, {@code nats-server} on the PATH, in a system folder, a container, the
 * distribution's package unpacked below {@code target/}.
 *
 * @param path folders separated as in the PATH variable
 * @param systemFolders folders that a PATH often lacks
 * @param containers whether a container engine answers; asked only when no binary is installed
 * @param unpackFolder where the package is unpacked; what an earlier run left there is used again
 */
record NatsBinary(
    String path, List<Path> systemFolders, BooleanSupplier containers, Path unpackFolder) {

  private static final String NAME = "nats-server";
  private static final String VARIABLE = "NATS_SERVER";
  private static final List<Path> SYSTEM_FOLDERS =
      List.of(Path.of("/usr/sbin"), Path.of("/usr/local/bin"));

  /** The search on this machine. */
  static NatsBinary ofThisMachine() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    String named = System.getenv(VARIABLE);
    return new NatsBinary(
        named == null ? path : folderOf(Path.of(named)) + File.pathSeparator + path,
        SYSTEM_FOLDERS,
        NatsContainer::available,
        Path.of("target", NAME).toAbsolutePath());
  }

  private static Path folderOf(Path named) {
    Path program = named.toAbsolutePath();
    if (!program.endsWith(NAME) || !isProgram(program)) {
      throw new IllegalStateException(
          VARIABLE + " is " + named + ", but must be the path of a program nats-server");
    }
    return Objects.requireNonNull(program.getParent());
  }

  /**
   * What runs the server.
   *
   * @throws IllegalStateException when there is nothing; the message says what to install
   */
  NatsRuntime find() {
    Optional<Path> installed = installed();
    if (installed.isPresent()) {
      return new NatsProcess(installed.get());
    }
    if (containers.getAsBoolean()) {
      return new NatsContainer();
    }
    return new NatsProcess(
        unpacked()
            .or(this::unpack)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "No NATS server was found: install nats-server (Debian and Ubuntu: apt-get"
                            + " install nats-server, macOS: brew install nats-server), or start a"
                            + " container engine.")));
  }

  private Optional<Path> installed() {
    Stream<Path> onPath =
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(path)
            .filter(folder -> !folder.isBlank())
            .map(Path::of);
    return Stream.concat(onPath, systemFolders.stream())
        .map(folder -> folder.resolve(NAME))
        .filter(NatsBinary::isProgram)
        .findFirst();
  }

  private Optional<Path> unpacked() {
    if (!Files.isDirectory(unpackFolder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(unpackFolder, new FileVisitOption[0])) {
      return files.filter(file -> file.endsWith(NAME) && isProgram(file)).findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Debian's package, without root: the package lists are fetched only when there are none. */
  private Optional<Path> unpack() {
    try {
      Files.createDirectories(unpackFolder);
      if (!run("apt-get", "download", NAME)) {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!root || !run("apt-get", "update") || !run("apt-get", "download", NAME)) {
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

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }
}
