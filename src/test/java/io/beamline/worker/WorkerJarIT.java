package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The jar as it is delivered, seen from outside. */
class WorkerJarIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  void answersEveryAssignmentOnceAndEndsWhenAsked() {
    try (NatsServer nats = NatsServer.start();
        WorkerProcess worker = WorkerProcess.of(nats.url()).env("WORKER_ID", "w-1").start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      List<String> ids =
          router.assignAll(
              IntStream.range(0, 100).mapToObj(i -> Assignments.echo().correlated()).toList());
      ids.forEach(id -> router.awaitResult(id, SOON));
      String refused = router.assign(Assignments.of("no.such.type"));
      Answer refusal = router.awaitAck(refused, SOON);
      router.assertClean();
      assertThat(refusal.ackReason()).isEqualTo("unsupported_job_type");
      assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
      assertThat(router.streams().storedResults()).hasSize(100);
      worker.sigterm();
      assertThat(worker.awaitExit(SOON)).isIn(0, 143);
      assertThat(router.streams().unacknowledgedAssignments()).isZero();
    }
  }
}
