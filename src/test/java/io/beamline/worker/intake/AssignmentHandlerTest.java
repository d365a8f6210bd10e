package io.beamline.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.queue.StepPools;
import io.beamline.worker.result.Answers;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.result.Lease;
import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerSlice;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages of every kind, judged and answered on a real server. */
class AssignmentHandlerTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String UUID = "0b9f4c55-7d7c-4c53-9f0e-6a4ff2f3a111";

  private final AtomicInteger runs = new AtomicInteger();
  private CountDownLatch gate = new CountDownLatch(0);
  private NatsServer nats;
  private RouterStandIn router;
  private WorkerSlice worker;

  @BeforeEach
  void start() {
    nats = NatsServer.start();
    worker = worker();
    router = RouterStandIn.connect(nats.url());
  }

  @AfterEach
  void close() {
    gate.countDown();
    worker.close();
    router.close();
    nats.close();
  }

  @Test
  void acceptsRunsAndAnswers() {
    Assignments assignment = ScriptedBlock.assignment().correlated();
    handle(delivery(assignment, null, 1));
    Answer answer = router.awaitResult(assignment.id(), SOON);
    assertThat(answer.ackStatus()).isEqualTo("accepted");
    assertThat(answer.status()).isEqualTo("success");
    assertSettled();
  }

  @Test
  void endsWhatWasDeliveredTooOftenWithoutRunningIt() {
    Assignments assignment = ScriptedBlock.assignment();
    handle(delivery(assignment, null, 4));

    Answer answer = router.awaitResult(assignment.id(), SOON);
    assertThat(answer.ackStatus()).isEqualTo("accepted");
    assertThat(answer.errorCode()).isEqualTo("INTERNAL_ERROR");
    await().atMost(SOON).until(() -> router.deadLetters().size() == 1);
    WireMessage letter = router.deadLetters().getFirst();
    assertThat(letter.text("reason")).isEqualTo("max_deliver");
    assertThat(letter.json().path("original")).isEqualTo(assignment.json());
    assertThat(runs).hasValue(0);
    assertSettled();
  }

  @Test
  void runsWhatWasDeliveredAsOftenAsItMay() {
    Assignments assignment = ScriptedBlock.assignment();
    handle(delivery(assignment, null, 3));
    assertThat(router.awaitResult(assignment.id(), SOON).status()).isEqualTo("success");
    assertThat(router.deadLetters()).isEmpty();
    assertSettled();
  }

  @Test
  void doesNotRunWhatWasDeliveredTooOftenWhenThereIsNoMemoryForTheResult() {
    worker.close();
    nats.stop();
    worker = worker("worker.nats.max-unpublished=1MB");
    Assignments large = ScriptedBlock.assignment().input("text", "x".repeat(900_000));
    handle(delivery(large, null, 4));
    handle(delivery(ScriptedBlock.assignment(), null, 4));
    handle(delivery(large.id("other"), null, 4));
    Assignments last = ScriptedBlock.assignment();

    handle(
        new Delivery("caf.exec.assign.v1", last.bytes(), null, new Lease("reply.1", "s", 0, 0), 4));

    await().atMost(SOON).until(() -> worker.bean(StepPools.class).running() == 0);
    assertThat(runs).hasValue(0);
    nats.restart();
  }

  @Test
  void warnsOfADeliveryLimitThatAFewRestartsReach() {
    try (LogLines lines = new LogLines();
        WorkerSlice low = worker()) {
      assertThat(low.bean(AssignmentHandler.class)).isNotNull();
      assertThat(lines.warnings()).anyMatch(line -> line.contains("max-deliver is below 4"));
    }
  }

  @Test
  void logsWhichOptionsWereAdjusted() {
    Assignments assignment = ScriptedBlock.assignment().maxAttempts(99);
    try (LogLines lines = new LogLines()) {
      handle(delivery(assignment, null, 1));
      router.awaitResult(assignment.id(), SOON);
      assertThat(lines.all())
          .anyMatch(
              line ->
                  line.contains("Options adjusted")
                      && line.contains(assignment.id())
                      && line.contains("max_attempts"));
    }
    assertSettled();
  }

  @Test
  void rejectsWhatItDoesNotKnow() {
    Assignments assignment = Assignments.of("no.such.type").with("version", "2");
    handle(delivery(assignment, null, 1));
    Answer answer = router.awaitAck(assignment.id(), SOON);
    assertThat(answer.ackStatus()).isEqualTo("rejected");
    assertThat(answer.ackReason()).isEqualTo("unsupported_version");
    assertThat(answer.ack().orElseThrow().json().path("metadata").path("detail").stringValue(""))
        .contains("version")
        .contains("no.such.type");
    assertSettled();
  }

  @Test
  void putsAsideWhatIsNoAssignment() {
    handle(new Delivery("caf.exec.assign.v1", "{".getBytes(UTF_8), null, null, 1));
    await().atMost(SOON).until(() -> router.deadLetters().size() == 1);
    assertThat(router.deadLetters().getFirst().text("reason")).isEqualTo("malformed");
    assertSettled();
  }

  @Test
  void takesIdsFromTheHeadersIntoTheAckAndTheResultAlike() {
    Headers headers = new Headers();
    headers.put("trace_id", UUID);
    headers.put("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    Assignments assignment = ScriptedBlock.assignment();
    handle(delivery(assignment, headers, 1));

    Answer answer = router.awaitResult(assignment.id(), SOON);
    for (WireMessage message : List.of(answer.ack().orElseThrow(), answer.result().orElseThrow())) {
      assertThat(message.header("trace_id")).as(message.subject()).contains(UUID);
      assertThat(message.text("trace_id")).isEqualTo(UUID);
      assertThat(message.header("traceparent")).isPresent();
    }
    assertSettled();
  }

  @Test
  void runsDuplicatesOnce() {
    gate = new CountDownLatch(1);
    Assignments assignment = ScriptedBlock.assignment();
    for (int i = 0; i < 5; i++) {
      handle(delivery(assignment, null, 1));
    }
    assertThat(worker.bean(Answers.class).unfinished()).isEqualTo(1);
    gate.countDown();
    router.awaitResult(assignment.id(), SOON);
    await().atMost(SOON).until(() -> worker.bean(Answers.class).unfinished() == 0);
    handle(delivery(assignment, null, 2));
    await().atMost(SOON).until(() -> router.answer(assignment.id()).results() == 2);
    assertThat(runs).hasValue(1);
    assertThat(router.streams().storedResults()).hasSize(1);
    assertThat(router.contradictions()).isEmpty();
    assertSettled();
  }

  @Test
  void refusesEverythingWhenTheWorkerEnds() {
    Assignments good = ScriptedBlock.assignment();
    Assignments bad = Assignments.of("no.such.type");
    worker.bean(AssignmentHandler.class).rejectInDrain(delivery(good, null, 1));
    worker.bean(AssignmentHandler.class).rejectInDrain(delivery(bad, null, 1));
    worker
        .bean(AssignmentHandler.class)
        .rejectInDrain(new Delivery("caf.exec.assign.v1", new byte[0], null, null, 1));

    assertThat(router.awaitAck(good.id(), SOON).ackReason()).isEqualTo("shutting_down");
    assertThat(router.awaitAck(bad.id(), SOON).ackReason()).isEqualTo("unsupported_job_type");
    await().atMost(SOON).until(() -> router.deadLetters().size() == 1);
    assertThat(runs).hasValue(0);
    assertSettled();
  }

  @Test
  void answersTextsThatAreHalfACharacter() {
    Assignments assignment = ScriptedBlock.assignment();
    byte[] message =
        new String(assignment.bytes(), UTF_8)
            .replace("worker:scripted", "worker:\\ud800")
            .getBytes(UTF_8);
    handle(new Delivery("caf.exec.assign.v1", message, null, null, 1));
    assertThat(router.awaitResult(assignment.id(), SOON).status()).isEqualTo("success");
  }

  private void handle(Delivery delivery) {
    worker.bean(AssignmentHandler.class).handle(delivery);
  }

  private static Delivery delivery(Assignments assignment, @Nullable Headers headers, long count) {
    return new Delivery("caf.exec.assign.v1", assignment.bytes(), headers, null, count);
  }

  private WorkerSlice worker(String... properties) {
    String[] all = Arrays.copyOf(properties, properties.length + 2);
    all[properties.length] = "worker.nats.max-deliver=3";
    all[properties.length + 1] = "worker.shutdown.grace=1s";
    return WorkerSlice.upTo(
        "intake",
        nats.url(),
        ScriptedBlock.of(
            call -> {
              runs.incrementAndGet();
              gate.await();
              return ScriptedBlock.DONE;
            }),
        all);
  }

  private void assertSettled() {
    await().atMost(SOON).until(() -> worker.bean(Answers.class).unfinished() == 0);
    router.assertClean();
  }
}
