package io.beamline.worker.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.NatsServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that cannot be finished fails, and says why. ImageIT shows one that can. */
class TrainingRunTest {

  private static final int FIRST_WITH_TRAINING = 25;

  @TempDir private Path folder;

  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  @Test
  void saysHowItIsCalled() {
    assertThat(run("worker.jar", "cache")).isEqualTo(2);
    assertThat(errors.toString(UTF_8)).startsWith("Usage: TrainingRun JAR CACHE NATS_SERVER");
  }

  @Test
  void failsWithoutANatsServer() {
    assertThat(run("worker.jar", "cache", folder.resolve("none").toString())).isEqualTo(1);
    assertThat(errors.toString(UTF_8))
        .startsWith("The training failed: the nats-server cannot be started");
  }

  @Test
  void failsWhenTheNatsServerEnds() {
    assertThat(run("worker.jar", "cache", "false")).isEqualTo(1);
    assertThat(errors.toString(UTF_8))
        .startsWith("The training failed: the nats-server ended with exit code 1");
  }

  @Test
  void failsWithTheWorkersLastLinesWhenTheWorkerEnds() {
    Assumptions.assumeTrue(
        Runtime.version().feature() >= FIRST_WITH_TRAINING, "this Java makes no such cache");
    Path server = NatsServer.program();
    Assumptions.assumeTrue(server != null, "no program nats-server");

    assertThat(
            run("no-such-worker.jar", folder.resolve("cache").toString(), String.valueOf(server)))
        .isEqualTo(1);
    assertThat(errors.toString(UTF_8))
        .startsWith("The training failed: the worker ended with exit code 1; its last lines:")
        .contains("no-such-worker.jar");
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  private int run(String... arguments) {
    return TrainingRun.run(
        List.of(arguments),
        new PrintStream(new ByteArrayOutputStream(), true, UTF_8),
        new PrintStream(errors, true, UTF_8));
  }
}
