package io.beamline.worker.bench;

import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.ThisJdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.springframework.util.FileSystemUtils;

/**
 * The built jar unpacked and trained as in the container's image, with the thorough compiler. The
 * one that tests start from is trained for the quick compiler.
 */
final class WarmImage {

  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path FOLDER = TARGET.resolve("warm-image");
  private static final Path JAR = Path.of("beamline-worker.jar");
  private static final Path CACHE = FOLDER.resolve("classes.aot");
  private static final Path DOCKER = Path.of("src", "main", "docker").toAbsolutePath();
  private static final String OPTIONS = "@" + DOCKER.resolve("jvm.options");
  private static final int FIRST_WITH_CACHE = 25;
  private static final LoggedBuild BUILD = new LoggedBuild(TARGET.resolve("warm-image.log"));

  private static @Nullable List<String> made;

  private WarmImage() {}

  /**
   * The command that starts a worker from it; made by the first call. Skips the test before Java
   * 25, and where there is no program {@code nats-server} to train it with.
   */
  static synchronized List<String> command() {
    if (made == null) {
      made = make();
    }
    return made;
  }

  private static List<String> make() {
    Assumptions.assumeTrue(
        Runtime.version().feature() >= FIRST_WITH_CACHE, "not measured: this Java has no cache");
    Path nats = NatsServer.program();
    Assumptions.assumeTrue(nats != null, "not measured: there is no program nats-server");
    try {
      FileSystemUtils.deleteRecursively(FOLDER);
      require(
          List.of(
              ThisJdk.program("java"),
              "-Djarmode=tools",
              "-jar",
              TARGET.resolve(JAR).toString(),
              "extract",
              "--destination",
              FOLDER.toString()));
      Path unpacked = FOLDER.resolve(JAR);
      require(
          List.of(
              "sh",
              DOCKER.resolve("train.sh").toString(),
              unpacked.toString(),
              CACHE.toString(),
              String.valueOf(nats),
              OPTIONS));
      if (!Files.exists(CACHE)) {
        throw new IllegalStateException("no cache was made\n" + BUILD.output());
      }
      return List.of(
          ThisJdk.program("java"),
          OPTIONS,
          "-Xmx1g",
          "-XX:AOTCache=" + CACHE,
          "-jar",
          unpacked.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void require(List<String> command) throws IOException {
    if (!BUILD.ends(TARGET, command.toArray(String[]::new))) {
      throw new IllegalStateException(command + "\n" + BUILD.output());
    }
  }
}
