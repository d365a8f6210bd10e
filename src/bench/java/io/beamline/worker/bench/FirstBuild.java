package io.beamline.worker.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final LoggedBuild BUILD = new LoggedBuild(FOLDER.resolve("output.log"));

  private FirstBuild() {}

  /** Its jar, built by its own wrapper if it is not there. Skips the test without the history. */
  static Path jar() {
    try {
      Assumptions.assumeTrue(
          Files.exists(JAR)
              || BUILD.ends(Path.of(""), "git", "cat-file", "-e", COMMIT + "^{commit}"),
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
        BUILD.ends(Path.of(""), "git", "archive", "--output", ARCHIVE.toString(), COMMIT)
            && BUILD.ends(SOURCES, "tar", "-xf", ARCHIVE.toString())
            && BUILD.isPackaged(SOURCES, "-Dmaven.test.skip", "-Dspotless.check.skip");
    if (!built) {
      throw new IllegalStateException(COMMIT + " cannot be built\n" + BUILD.output());
    }
    Files.copy(SOURCES.resolve("target").resolve(JAR.getFileName()), JAR);
  }
}
