package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsCluster;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three servers that keep the streams together: any of them may die. */
@Tag("long")
class ClusterIT {

  private static final Duration SOON = Duration.ofMinutes(3);
  private static final int STEPS = 100;

  @ParameterizedTest
  @ValueSource(strings = {"reject_new", "hold"})
  void losesNothingWhenTheLeadersOfItsStreamsAreKilled(String policy) {
    try (NatsCluster nats = NatsCluster.start();
        WorkerProcess worker =
            WorkerProcess.of(nats.urls())
                .env("WORKER_NATS_REPLICAS", "3")
                .env("WORKER_NATS_ACK_WAIT", "5s")
                .env("CP2_QUEUE_MANAGEMENT_ENABLED", "true")
                .env("WORKER_QUEUE_REJECTION_POLICY", policy)
                .env("WORKER_POOLS_CPU_CONCURRENCY", "8")
                .start();
        RouterStandIn router = RouterStandIn.connect(nats.options(), Subjects.STANDARD)) {
      List<String> ids = new ArrayList<>();
      for (String stream : List.of("CAF_EXEC_ASSIGN_V1", "CAF_EXEC_RESULT_V1")) {
        assign(router, ids);
        NatsServer killed = nats.killLeaderOf(stream, router.connection());
        assign(router, ids);
        killed.restart();
      }

      Awaitility.await("a result of each assignment is stored")
          .atMost(SOON)
          .ignoreExceptions()
          .until(() -> stored(router).containsAll(ids));
      assertThat(stored(router)).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(router.streams().storedResults())
          .allMatch(result -> result.text("status").equals("success"));
      assertThat(router.streams().storedAcks()).hasSize(ids.size());
      assertThat(router.streams().storedDeadLetters()).isEmpty();
      Awaitility.await().atMost(SOON).until(worker::ready);
    }
  }

  /** As a Router does: what is not confirmed is sent again. */
  private static void assign(RouterStandIn router, List<String> ids) {
    for (int i = 0; i < STEPS; i++) {
      Assignments step = Assignments.sleep(20);
      Awaitility.await("the step is stored")
          .atMost(SOON)
          .pollDelay(Duration.ZERO)
          .ignoreExceptions()
          .until(() -> isStored(router, step));
      ids.add(step.id());
    }
  }

  private static boolean isStored(RouterStandIn router, Assignments step)
      throws IOException, JetStreamApiException {
    return router
            .connection()
            .jetStream()
            .publish(Subjects.STANDARD.assign(), step.bytes())
            .getSeqno()
        > 0;
  }

  private static List<String> stored(RouterStandIn router) {
    return router.streams().storedResults().stream()
        .map(WireMessage::json)
        .map(result -> result.path("assignment_id").stringValue(""))
        .toList();
  }
}
