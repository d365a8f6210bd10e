package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.MachineStalls;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.Sabotage;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The jar as it is delivered, seen from outside. */
class WorkerJarIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void answersEveryAssignmentOnceAndEndsWhenAsked() {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker =
            WorkerProcess.of(nats.url()).fatJar().env("WORKER_ID", "w-1").start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      List<String> ids =
          router.assignAll(
              IntStream.range(0, 100).mapToObj(i -> Assignments.echo().correlated()).toList());
      ids.forEach(id -> router.awaitResult(id, SOON));
      // The server leaves out blanks that a header's value begins with, its own duplicate check's
      // too.
      List<String> blanks =
          router.assignAll(
              Stream.of("b", " b", "  b", "b ", " ", "  ")
                  .map(id -> Assignments.echo().id(id))
                  .toList());
      blanks.forEach(id -> router.awaitResult(id, SOON));
      String refused = router.assign(Assignments.of("no.such.type"));
      Answer refusal = router.awaitAck(refused, SOON);
      router.assertClean();
      assertThat(refusal.ackReason()).isEqualTo("unsupported_job_type");
      assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
      assertThat(router.streams().storedResults()).hasSize(106);
      assertThat(router.streams().storedAcks()).hasSize(107);
      worker.sigterm();
      assertThat(worker.awaitExit(SOON)).isIn(0, 143);
      assertThat(router.streams().unacknowledgedAssignments()).isZero();
    }
  }

  /** Both cannot be brought about from outside, hence the agent. */
  @Test
  void saysWhatEndedAThreadAndThatItsIntakeIsDead(@TempDir Path folder) throws IOException {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker =
            Sabotage.inside(WorkerProcess.of(nats.url()).fatJar(), folder).start();
        MachineStalls stalls = MachineStalls.watch()) {
      Sabotage.throwUncaught(worker);
      worker.awaitLog("on purpose", SOON);
      Sabotage.endIntake(worker);
      URI liveness = worker.managementUri("/actuator/health/liveness");
      long ended = System.nanoTime();
      Awaitility.await().atMost(SOON).until(() -> worker.status(liveness) == 503);

      assertThat(Duration.ofNanos(System.nanoTime() - ended))
          .isLessThan(Duration.ofSeconds(15).plus(stalls.longest()));
      assertThat(worker.get(liveness).body()).contains("silent_seconds");
      assertThat(worker.stderr())
          .hasSize(2)
          .anySatisfy(line -> assertThat(line).contains("The intake was interrupted"))
          .first()
          .satisfies(
              line -> {
                JsonNode context = JsonMapper.shared().readTree(line).path("context");
                assertThat(context.path("ended_thread").stringValue("")).isEqualTo("doomed");
                assertThat(context.at("/exception/class").stringValue(""))
                    .isEqualTo("java.lang.AssertionError");
              });
    }
  }

  /** Inside the web server, where no range of ours would be seen first. */
  @Test
  void refusesAPortThatIsNoneWithOneSentence() {
    try (WorkerProcess worker =
        WorkerProcess.of("nats://127.0.0.1:1").fatJar().env("SERVER_PORT", "70000").launch()) {
      assertThat(worker.awaitExit(Duration.ofMinutes(3))).isEqualTo(1);
      assertThat(worker.stderr())
          .singleElement()
          .satisfies(
              line ->
                  assertThat(JsonMapper.shared().readTree(line).path("message").stringValue(""))
                      .contains(
                          "server.port is '70000', but must be a whole number from 0 to 65535."));
      assertThat(worker.stdout())
          .allSatisfy(line -> assertThat(JsonMapper.shared().readTree(line).isObject()).isTrue());
    }
  }

  @Test
  void refusesATrustStoreThatIsMissingWithOneSentence() {
    try (WorkerProcess worker =
        WorkerProcess.of("tls://127.0.0.1:1")
            .env("NATS_SPRING_TRUST_STORE_PATH", "missing.p12")
            .env("NATS_SPRING_TRUST_STORE_PASSWORD", "s3cr3t-w0rd")
            .launch()) {
      assertThat(worker.awaitExit(Duration.ofMinutes(3))).isEqualTo(1);
      assertThat(worker.stderr())
          .singleElement()
          .satisfies(
              line ->
                  assertThat(JsonMapper.shared().readTree(line).path("message").stringValue(""))
                      .contains(
                          "nats.spring.trust-store-path is 'missing.p12', but must be a store that"
                              + " can be read with its type and password: there is no such file."));
      assertThat(worker.log()).doesNotContain("s3cr3t-w0rd");
    }
  }
}
