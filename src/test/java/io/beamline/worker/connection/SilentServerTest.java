package io.beamline.worker.connection;

import io.beamline.worker.WorkerApplication;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FreePort;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.Signals;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A server that says nothing any more, as behind a network that swallows everything. */
class SilentServerTest {

  @Test
  void isNoticedBeforeLeasesRunOut() throws Exception {
    try (NatsServer nats = NatsServer.start();
        ConfigurableApplicationContext worker = worker(nats);
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      NatsSessions sessions = worker.getBean(NatsSessions.class);
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> sessions.problem().isEmpty());
      router.awaitResult(router.assign(Assignments.echo()), Duration.ofSeconds(20));

      signal(nats, "STOP");
      try {
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> !sessions.problem().isEmpty());
      } finally {
        signal(nats, "CONT");
      }

      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> sessions.problem().isEmpty());
      router.awaitResult(router.assign(Assignments.echo()), Duration.ofSeconds(20));
    }
  }

  private static ConfigurableApplicationContext worker(NatsServer nats) {
    return new SpringApplicationBuilder(WorkerApplication.class)
        .run(
            "--nats.spring.server=" + nats.url(),
            "--server.port=" + FreePort.find(),
            "--management.server.port=" + FreePort.find(),
            "--worker.admin.password=test-password");
  }

  private static void signal(NatsServer nats, String signal) {
    String port = String.valueOf(nats.port());
    long pid =
        ProcessHandle.current()
            .descendants()
            .filter(process -> process.info().command().orElse("").contains("nats-server"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no server on port " + port))
            .pid();
    Signals.send(pid, signal);
  }
}
