package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.config.NatsDeliveryProperties.Subjects;
import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.RejectReason;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.observability.metrics.WorkerMetrics;
import io.beamline.worker.timeout.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

/** What becomes of answers that the server does not have yet. */
class OutstandingAnswersTest {

  @Test
  void doesNotHandBackWhatIsRejected() {
    try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
      LogThrottle throttle = new LogThrottle(TimeSource.system(), Duration.ofSeconds(1));
      Outbox outbox =
          new Outbox(
              (session, message) -> new CompletableFuture<>(),
              timer,
              TimeSource.system(),
              throttle,
              published -> {},
              1 << 20);
      Leases leases = new Leases(TimeSource.system(), throttle);
      Subjects subjects = new Subjects("assign", "ack", "result", "heartbeat", "dlq", "cancel");
      AnswerWriter writer = new AnswerWriter(subjects, subject -> 1 << 20);
      WorkerMetrics metrics = WorkerMetrics.standalone(List.of());
      Answers answers =
          new Answers(
              writer,
              outbox,
              leases,
              new DeadLetters(writer, outbox, leases, metrics, TimeSource.system(), throttle),
              metrics,
              TimeSource.system(),
              throttle,
              "worker-1");
      AssignmentIdentity identity =
          new AssignmentIdentity("a-1", "r-1", "tenant-a", "p", "echo", Correlation.NONE);
      Lease lease = new Lease("reply", "stream", 0, 0);
      Answer answer =
          Objects.requireNonNull(
              answers.open(identity, new Delivery("assign", new byte[0], null, lease, 1)));
      answers.reject(answer, RejectReason.QUEUE_FULL, "full", null, true);

      answers.handBackAll();

      assertThat(leases.held()).isOne();
      assertThat(answers.unfinished()).isOne();
    }
  }
}
