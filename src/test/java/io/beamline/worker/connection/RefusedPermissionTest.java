package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.contract.Outputs;
import io.beamline.worker.result.Answers;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.NetworkProxy;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WorkerSlice;
import io.nats.client.Options;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A worker whose NATS user lacks a permission says which one, and loses nothing meanwhile. */
class RefusedPermissionTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration WHILE = Duration.ofSeconds(4);
  private static final int STEPS = 5;

  private static final String USERS =
      """
      authorization: {users: [
        {user: router, password: x}
        {user: w, password: x, permissions: {publish: {deny: ["%s"]}}}
      ]}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "caf.exec.result.v1 | to publish results",
        "caf.exec.assign.v1.ack | to publish acks",
        "$JS.ACK.ASSIGNMENTS.caf-workers.> | to acknowledge"
      })
  void keepsItsAnswersUntilItHasThePermission(String subject, String purpose) {
    try (NatsServer nats = NatsServer.start(USERS.formatted(subject));
        NetworkProxy link = NetworkProxy.before(nats.port());
        RouterStandIn router = router(nats)) {
      router.streams().provision();
      try (WorkerSlice worker = worker(link)) {
        router.assignAll(Stream.generate(ScriptedBlock::assignment).limit(STEPS).toList());

        NatsSessions sessions = worker.bean(NatsSessions.class);
        await()
            .atMost(SOON)
            .untilAsserted(
                () ->
                    assertThat(sessions.problem())
                        .contains("may not publish to " + subject, purpose));
        await()
            .during(WHILE)
            .atMost(SOON)
            .untilAsserted(() -> assertThat(link.accepted()).as("sessions").isOne());

        nats.reconfigure(USERS.formatted("nothing"));
        nats.restart();
        // The Router may be connected again later than the worker, so its streams are asked.
        await().atMost(SOON).until(() -> worker.bean(Answers.class).unfinished() == 0);
        await().atMost(SOON).until(() -> router.streams().consumer().getNumAckPending() == 0);
        assertThat(router.streams().storedResults()).hasSize(STEPS);
      }
    }
  }

  private static WorkerSlice worker(NetworkProxy link) {
    Outputs outputs = Outputs.of(Map.of("text", "x"));
    return WorkerSlice.upTo(
        "intake",
        "nats://w:x@127.0.0.1:" + link.port(),
        ScriptedBlock.of(call -> outputs),
        "worker.nats.ack-wait=5s");
  }

  private static RouterStandIn router(NatsServer nats) {
    Options options =
        Options.builder()
            .server(nats.url().replace("//", "//router:x@"))
            .maxReconnects(-1)
            .reconnectWait(Duration.ofMillis(100))
            .build();
    return RouterStandIn.connect(options, Subjects.STANDARD);
  }
}
