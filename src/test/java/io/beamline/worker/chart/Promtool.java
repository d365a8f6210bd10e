package io.beamline.worker.chart;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Prometheus' own judge of rule files. */
final class Promtool {

  private static final String MISSING =
      "No promtool was found: install prometheus (Debian and Ubuntu: apt-get install prometheus).";

  private Promtool() {}

  /**
   * Runs it; without one on this machine the test is skipped, and in a CI build fails.
   *
   * @return what it printed
   * @throws AssertionError when it found a fault
   */
  static String run(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(program().orElseGet(Promtool::missing).toString());
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? output : fail(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Path missing() {
    return "true".equals(System.getenv("CI")) ? fail(MISSING) : abort(MISSING);
  }

  private static Optional<Path> program() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/bin", "/usr/local/bin"))
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, "promtool"))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
