package io.beamline.worker.bench;

import io.beamline.worker.support.ThisJdk;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the commands that build something beside the worker, with the JDK of these tests. Used by
 * one thread.
 *
 * @param log the file that has the output of the last command
 */
record LoggedBuild(Path log) {

  private static final long TIMEOUT_MINUTES = 10;

  /** Whether a command ends well. */
  boolean ends(Path folder, String... command) throws IOException {
    return ends(folder, List.of(command));
  }

  /** Whether a project's wrapper packages it: with what is here, or else with what it fetches. */
  boolean isPackaged(Path folder, String... options) throws IOException {
    return isPackaged(folder, "--offline", List.of(options))
        || isPackaged(folder, "--no-transfer-progress", List.of(options));
  }

  private boolean isPackaged(Path folder, String first, List<String> options) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("./mvnw", "--batch-mode", "--quiet", first, "package"));
    command.addAll(options);
    return ends(folder, command);
  }

  /** What the last command has written. */
  String output() throws IOException {
    return Files.readString(log);
  }

  private boolean ends(Path folder, List<String> command) throws IOException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder
        .environment()
        .put(
            "PATH",
            ThisJdk.PROGRAMS + File.pathSeparator + System.getenv().getOrDefault("PATH", ""));
    Process process = builder.start();
    try {
      return process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
