package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Volume and loss, on the built jar and a real server. */
class EchoIT {

  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  void answersTenThousandAssignmentsOnceEach() {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker = WorkerProcess.of(nats.url()).start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      Answer one = router.awaitResult(router.assign(Assignments.echo()), SOON);
      assertThat(one.status()).isEqualTo("success");
      assertThat(one.resultJson().path("result").path("said").stringValue("")).isEqualTo("hello");

      List<String> ids =
          router.assignAll(Stream.generate(Assignments::echo).limit(10_000).toList());
      router.awaitAll(ids, Duration.ofSeconds(60));

      Awaitility.await()
          .atMost(SOON)
          .until(() -> router.streams().unacknowledgedAssignments() == 0);
      assertThat(router.streams().storedAcks()).hasSize(10_001);
      assertThat(router.streams().storedResults()).hasSize(10_001);
      assertThat(worker.metric("worker_step_executions_total", "step_type=\"echo\""))
          .isEqualTo(10_001);
      router.assertClean();
    }
  }

  @Test
  void losesNothingWhenItIsKilledInTheMiddle() {
    try (NatsServer nats = NatsServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      List<String> ids;
      try (WorkerProcess first = worker(nats)) {
        ids = router.assignAll(Stream.generate(() -> Assignments.sleep(20)).limit(1_000).toList());
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> ids.size() - router.unanswered(ids).size() > 300);
        first.kill9();
      }
      assertThat(router.unanswered(ids)).isNotEmpty();
      try (WorkerProcess second = worker(nats)) {
        router.awaitAll(ids, Duration.ofSeconds(60));
        Awaitility.await()
            .atMost(SOON)
            .until(() -> router.streams().unacknowledgedAssignments() == 0);
        assertThat(second.alive()).isTrue();
      }
      assertThat(router.streams().storedResults()).hasSize(1_000);
      router.assertClean();
    }
  }

  private static WorkerProcess worker(NatsServer nats) {
    return WorkerProcess.of(nats.url())
        .env("WORKER_NATS_ACK_WAIT", "3s")
        .env("WORKER_POOLS_CPU_CONCURRENCY", "8")
        .start();
  }
}
