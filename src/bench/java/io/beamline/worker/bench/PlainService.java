package io.beamline.worker.bench;

import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The service that people write by hand ({@code bench.plain}), as a jar that its own pom builds.
 */
final class PlainService {

  private static final Path PROJECT = Path.of("src", "bench", "plain");
  private static final Path SOURCES =
      Path.of("src", "bench", "java", "io", "beamline", "worker", "bench", "plain");
  private static final Path FOLDER = Path.of("target", "plain-service").toAbsolutePath();
  private static final Path JAR = FOLDER.resolve("plain-service.jar");
  private static final LoggedBuild BUILD =
      new LoggedBuild(FOLDER.resolveSibling("plain-service.log"));

  private PlainService() {}

  /**
   * Has a process be the service and not a worker. It listens on one port, as such services do: on
   * the one for probes and metrics.
   */
  static WorkerProcess.Builder started(WorkerProcess.Builder process) {
    return process.jar(jar()).jvm("-Dserver.port=${MANAGEMENT_SERVER_PORT}");
  }

  /** Its jar, built if it is not newer than its sources. */
  static Path jar() {
    try {
      if ((!Files.exists(JAR) || isOlderThan(PROJECT) || isOlderThan(SOURCES))
          && !BUILD.isPackaged(Path.of(""), "-f", PROJECT.resolve("pom.xml").toString())) {
        throw new IllegalStateException("the plain service cannot be built\n" + BUILD.output());
      }
      return JAR;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOlderThan(Path folder) throws IOException {
    long made = Files.getLastModifiedTime(JAR).toMillis();
    try (Stream<Path> files = Files.walk(folder)) {
      return files.anyMatch(file -> file.toFile().lastModified() > made);
    }
  }
}
