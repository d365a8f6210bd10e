package io.beamline.worker.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.springframework.util.FileSystemUtils;

/** The last build before there were flags, made from this repository's history. */
final class FirstBuild {

  /** The commit whose messages the parity tests have recorded, too. */
  private static final String COMMIT = "d29fc1c5f3e2b236a6357ffb5cd5f0db1afd3716";

  private static final Path FOLDER = Path.of("target", "first-build").toAbsolutePath();
  private static final Path JAR = FOLDER.resolve("beamline-worker.jar");
  private static final Path SOURCES = FOLDER.resolve("sources");
  private static final Path ARCHIVE = FOLDER.resolve("sources.tar");
  private static final long PATIENCE_MINUTES = 5;

  private FirstBuild() {}

  /** Its jar, built by its own wrapper if it is not there. Skips the test without the history. */
  static Path jar() {
    try {
      Assumptions.assumeTrue(
          Files.exists(JAR) || ends(Path.of(""), "git", "cat-file", "-e", COMMIT + "^{commit}"),
          "not measured: the history lacks " + COMMIT + ", as in a shallow clone");
      if (!Files.exists(JAR)) {
        build();
      }
      return JAR;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void build() throws IOException {
    FileSystemUtils.deleteRecursively(FOLDER);
    Files.createDirectories(SOURCES);
    boolean built =
        ends(Path.of(""), "git", "archive", "--output", ARCHIVE.toString(), COMMIT)
            && ends(SOURCES, "tar", "-xf", ARCHIVE.toString())
            && (isPackaged("--offline") || isPackaged("--no-transfer-progress"));
    if (!built) {
      throw new IllegalStateException(
          COMMIT + " cannot be built\n" + Files.readString(FOLDER.resolve("output.log")));
    }
    Files.copy(SOURCES.resolve("target").resolve(JAR.getFileName()), JAR);
  }

  private static boolean isPackaged(String option) throws IOException {
    return ends(
        SOURCES,
        "./mvnw",
        "--batch-mode",
        "--quiet",
        option,
        "package",
        "-Dmaven.test.skip",
        "-Dspotless.check.skip");
  }

  /** Whether a command ends well. */
  private static boolean ends(Path folder, String... command) throws IOException {
    Files.createDirectories(FOLDER);
    ProcessBuilder builder =
        new ProcessBuilder(List.of(command))
            .directory(folder.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .redirectOutput(FOLDER.resolve("output.log").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    try {
      return process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
