package io.beamline.worker.support;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * The built jar unpacked, beside a cache of its loaded classes: a worker starts from it in less
 * than half the time. It is made once per built jar and JVM. A JVM that knows no such cache (before
 * Java 25), or cannot make it, starts what is unpacked. Thread-safe.
 */
final class WorkerImage {

  /** Most workers of tests live for seconds: the thorough compiler costs more than it gives. */
  static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

  /** The jar that is delivered. */
  static final Path JAR = Path.of("target", "beamline-worker.jar").toAbsolutePath();

  private static final Path TARGET = Path.of("target");
  private static final Path FOLDER = JAR.resolveSibling("worker-image");
  private static final Path UNPACKED = FOLDER.resolve(JAR.getFileName());
  private static final Path CACHE = FOLDER.resolve("classes.aot");
  private static final Path TRAINING =
      Path.of("src", "main", "docker", "train.sh").toAbsolutePath();
  private static final Path MADE_OF = FOLDER.resolve("made-of");
  private static final Path LOCK = JAR.resolveSibling("worker-image.lock");
  private static final String MAIN = "io.beamline.worker.WorkerApplication";

  /** A worker's outputs are JSON, whatever becomes of the cache. */
  private static final String SILENT = "-Xlog:aot*=off,cds*=off";

  private static boolean made;

  private WorkerImage() {}

  /** Whether the cache can be used with an option of the JVM: it does not mind the heap's size. */
  static boolean suits(String option) {
    return option.startsWith("-Xmx");
  }

  /**
   * What follows the command {@code java} and its options.
   *
   * @param beside a jar whose classes are added; null for none
   * @param cached whether the JVM has no options that the cache minds
   */
  static synchronized List<String> program(@Nullable Path beside, boolean cached)
      throws IOException {
    if (!made) {
      makeAlone();
      made = true;
    }
    List<String> program = new ArrayList<>();
    if (cached && Files.exists(CACHE)) {
      program.addAll(List.of("-XX:AOTCache=" + CACHE, SILENT));
    }
    program.addAll(
        beside == null
            ? List.of("-jar", UNPACKED.toString())
            : List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                UNPACKED + File.pathSeparator + beside,
                MAIN));
    return program;
  }

  /** The lock is against another JVM that runs tests of the same build. */
  private static void makeAlone() throws IOException {
    try (FileChannel lock = FileChannel.open(LOCK, CREATE, WRITE)) {
      lock.lock();
      String source = source();
      if (!Files.exists(MADE_OF) || !Files.readString(MADE_OF).equals(source)) {
        make();
        Files.writeString(MADE_OF, source);
      }
    }
  }

  private static String source() throws IOException {
    return "%s, %d bytes, for %s"
        .formatted(Files.getLastModifiedTime(JAR), Files.size(JAR), Runtime.version());
  }

  private static void make() throws IOException {
    FileSystemUtils.deleteRecursively(FOLDER);
    String java = ThisJdk.program("java");
    if (!ends(
        java,
        "-Djarmode=tools",
        "-jar",
        JAR.toString(),
        "extract",
        "--destination",
        FOLDER.toString())) {
      throw new IllegalStateException(JAR + " cannot be unpacked");
    }
    if (Runtime.version().feature() >= 25 && !train()) {
      Files.deleteIfExists(CACHE);
    }
  }

  /** As the container's image is without a NATS server: its profiles would serve a test little. */
  private static boolean train() throws IOException {
    return ends(
        "sh", TRAINING.toString(), UNPACKED.toString(), CACHE.toString(), "none", QUICK_COMPILER);
  }

  /**
   * Runs a command in the target folder, with the JVM of these tests. Returns whether it went well.
   */
  private static boolean ends(String... command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(TARGET.toFile())
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().put("PATH", ThisJdk.PROGRAMS.toString());
    return endsWell(builder.start());
  }

  private static boolean endsWell(Process process) {
    try {
      return process.waitFor(5, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
