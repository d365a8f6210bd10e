package io.beamline.worker.bench;

import io.beamline.worker.bench.floor.FloorApplication;
import io.beamline.worker.support.ThisJdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;

/** The floor as a process of its own, with a folder of its own. */
final class FloorProcess {

  private final Path folder;
  private final Process process;
  private final Thread shutdownHook = new Thread(this::destroy, "floor-process-end");

  private FloorProcess(List<String> arguments) throws IOException {
    folder = Files.createTempDirectory("beamline-floor-");
    List<String> options = new ArrayList<>(Jvm.OPTIONS);
    options.add("--enable-native-access=ALL-UNNAMED");
    process =
        new ProcessBuilder(ThisJdk.java(options, FloorApplication.class, arguments))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  /** Starts it; returns before it takes assignments. */
  static FloorProcess start(List<String> arguments) {
    try {
      return new FloorProcess(arguments);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process, to be held and ended. */
  Runner runner() {
    return new Runner(process.pid(), this::close);
  }

  /** Fails when it has written more than its first line. */
  void assertQuiet() {
    try {
      List<String> lines = Files.readAllLines(folder.resolve("output.log"));
      if (lines.size() != 1) {
        throw new IllegalStateException("the floor says\n" + String.join("\n", lines));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void close() {
    Runtime.getRuntime().removeShutdownHook(shutdownHook);
    destroy();
  }

  private void destroy() {
    try {
      process.destroyForcibly().waitFor(15, TimeUnit.SECONDS);
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
