package io.beamline.worker.training;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that the training starts. Its output goes to a file, for the case that something fails.
 * Closing it kills it. Used by one thread.
 */
final class TrainingProcess implements AutoCloseable {

  private static final int SHOWN_LINES = 40;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private static final Duration KILL_PATIENCE = Duration.ofSeconds(15);

  /** 5 minutes; a build may share its machine with others. */
  private static final int MAX_LOOKS = 1_500;

  private final String name;
  private final Path output;
  private final Process process;

  private TrainingProcess(String name, Path output, Process process) {
    this.name = name;
    this.output = output;
    this.process = process;
  }

  /**
   * Starts a process.
   *
   * @param name what it is, for messages
   * @param environment added to the environment of this process
   * @param folder where it runs, and where its output is kept
   */
  static TrainingProcess start(
      String name, List<String> command, Map<String, String> environment, Path folder)
      throws TrainingException {
    Path output = folder.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    try {
      return new TrainingProcess(name, output, builder.start());
    } catch (IOException e) {
      throw new TrainingException("the " + name + " cannot be started: " + e.getMessage());
    }
  }

  /**
   * Waits for a moment, until somebody looks again whether the process is ready.
   *
   * @param looks how often somebody has looked before
   * @throws TrainingException if the process has ended, or it takes more than 5 minutes
   */
  void pause(int looks) throws TrainingException, InterruptedException {
    if (process.waitFor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw failure("ended with exit code " + process.exitValue());
    }
    if (looks >= MAX_LOOKS) {
      throw failure("is not ready");
    }
  }

  /**
   * Ends it in order, by SIGTERM.
   *
   * @throws TrainingException if it does not end in this time, or not with the code of a JVM after
   *     SIGTERM
   */
  void end(Duration patience) throws TrainingException, InterruptedException {
    process.destroy();
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw failure("did not end within " + patience.toMinutes() + " minutes");
    }
    if (process.exitValue() != 143) {
      throw failure("ended with exit code " + process.exitValue() + " after SIGTERM");
    }
  }

  /** Returns a failure of the process, with the last lines that it wrote. */
  TrainingException failure(String what) {
    return new TrainingException("the " + name + " " + what + "; its last lines:\n" + lastLines());
  }

  private String lastLines() {
    try {
      List<String> lines = Files.readString(output, StandardCharsets.UTF_8).lines().toList();
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    } catch (IOException e) {
      return "(not readable: " + e + ")";
    }
  }

  /** Kills it, and waits until it writes no more files. */
  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor(KILL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
