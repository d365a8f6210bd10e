package io.beamline.worker.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.beamline.worker.support.FreePort;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The command by which Compose asks whether the worker is healthy, run as Compose runs it. */
class ComposeIT {

  private static final String ADDRESS = "127.0.0.1/9092";

  @Test
  void asksWhetherTheWorkerIsReady() throws Exception {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker = WorkerProcess.of(nats.url()).start().awaitReady()) {
      assertThat(healthcheck(worker.managementUri("/").getPort())).isZero();

      nats.stop();

      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> healthcheck(worker.managementUri("/").getPort()) != 0);
    }
  }

  @Test
  void failsWhileNobodyListens() throws Exception {
    assertThat(healthcheck(FreePort.find())).isNotZero();
  }

  /** The exit code of the command, which asks on another port than in a container. */
  private static int healthcheck(int port) throws IOException, InterruptedException {
    List<String> command =
        Compose.service("worker").at("/healthcheck/test").values().stream()
            .skip(1)
            .map(word -> word.stringValue().replace("$$", "$"))
            .map(word -> word.replace(ADDRESS, "127.0.0.1/" + port))
            .toList();
    assertThat(command).last(STRING).contains("127.0.0.1/" + port);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    process.getInputStream().readAllBytes();
    return process.waitFor();
  }
}
