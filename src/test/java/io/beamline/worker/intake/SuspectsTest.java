package io.beamline.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.execution.Drain;
import io.beamline.worker.queue.StepPools;
import io.beamline.worker.result.Answers;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.result.Lease;
import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.Signals;
import io.beamline.worker.support.WorkerSlice;
import io.beamline.worker.suspect.SuspectCounts;
import io.beamline.worker.suspect.SuspectStart.Recorded;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Assignments that were delivered many times: only deliveries that began to run and were not handed
 * back count. Five may count here.
 */
class SuspectsTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int MAX_DELIVER = 5;

  private final AtomicInteger runs = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private final NatsServer nats = NatsServer.start();
  private final List<AutoCloseable> open = new ArrayList<>(List.of(nats));
  private RouterStandIn router;
  private WorkerSlice worker;

  @BeforeEach
  void start() {
    worker = worker();
    router = RouterStandIn.connect(nats.url());
    open.add(0, router);
  }

  @AfterEach
  void close() throws Exception {
    gate.countDown();
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void runsWhatWasOnlyHandedBack() throws Exception {
    List<Assignments> healthy =
        IntStream.of(6, 7, MAX_DELIVER * 50)
            .mapToObj(count -> handle(ScriptedBlock.assignment(), lease(count), count))
            .toList();

    for (Assignments each : healthy) {
      assertThat(router.awaitResult(each.id(), SOON).status()).isEqualTo("success");
    }
    assertThat(router.deadLetters()).isEmpty();
    await().atMost(SOON).until(() -> counts().isEmpty());
    router.assertClean();
  }

  @Test
  void endsWhatHasStartedTooOften() {
    Lease lease = lease(17);
    recordStarts(lease, MAX_DELIVER - 3);

    Assignments poison = handle(ScriptedBlock.assignment(), lease, 4);

    Answer answer = router.awaitResult(poison.id(), SOON);
    assertThat(answer.ackStatus()).isEqualTo("accepted");
    assertThat(answer.errorCode()).isEqualTo("INTERNAL_ERROR");
    assertThat(answer.resultJson().at("/error/details/deliveries").intValue()).isEqualTo(6);
    assertThat(answer.resultJson().at("/error/details/max_deliver").intValue()).isEqualTo(5);
    await().atMost(SOON).until(() -> router.deadLetters().size() == 1);
    assertThat(router.deadLetters().getFirst().text("reason")).isEqualTo("max_deliver");
    assertThat(runs).hasValue(0);
    router.assertClean();
  }

  @Test
  void endsWhatNeverStartsInTheEnd() {
    int count = MAX_DELIVER * 50 + 1;
    Assignments never = handle(ScriptedBlock.assignment(), lease(1), count);
    assertThat(router.awaitResult(never.id(), SOON).errorCode()).isEqualTo("INTERNAL_ERROR");
    assertThat(runs).hasValue(0);
  }

  @Test
  void countsWhatTheServerCountsWhereThereIsNoBucket() {
    worker.close();
    worker = worker("worker.nats.provision=false");
    Assignments last = handle(ScriptedBlock.assignment(), lease(1), MAX_DELIVER);
    Assignments tooMany = handle(ScriptedBlock.assignment(), lease(2), MAX_DELIVER + 1);

    assertThat(router.awaitResult(last.id(), SOON).status()).isEqualTo("success");
    assertThat(router.awaitResult(tooMany.id(), SOON).errorCode()).isEqualTo("INTERNAL_ERROR");
    await().atMost(SOON).until(() -> router.deadLetters().size() == 1);
    assertThat(runs).hasValue(1);
  }

  @Test
  void takesTheStartBackWhenADrainHandsBackARunningStep() throws Exception {
    gate = new CountDownLatch(1);
    Lease lease = lease(1);
    recordStarts(lease, 1);
    handle(ScriptedBlock.assignment(), lease, 4);
    await().atMost(SOON).until(() -> runs.get() == 1);
    assertThat(counts()).containsExactly("2");

    worker.bean(Drain.class).begin();
    worker.close();

    await().atMost(SOON).until(() -> counts().equals(List.of("1")));
  }

  /** Neither run nor ended: only the bucket knows whether it kills its workers. */
  @Test
  void handsBackWhileTheBucketDoesNotAnswer() {
    recordStarts(lease(2), 1);
    signal("STOP");
    try {
      handle(ScriptedBlock.assignment(), lease(1), MAX_DELIVER + 1);
      await().atMost(SOON).until(() -> worker.bean(Answers.class).unfinished() == 0);
      assertThat(worker.bean(StepPools.class).running()).isZero();
      assertThat(runs).hasValue(0);
    } finally {
      signal("CONT");
    }
  }

  private void signal(String name) {
    Signals.send(Long.parseLong(nats.description().replaceFirst(".*process ", "")), name);
  }

  private void recordStarts(Lease lease, int starts) {
    SuspectCounts counts = worker.bean(SuspectCounts.class);
    for (int i = 0; i < starts; i++) {
      assertThat(counts.start(lease, 1_000)).isInstanceOf(Recorded.class);
    }
  }

  /** The values in the bucket. */
  private List<String> counts() throws IOException, JetStreamApiException, InterruptedException {
    Connection connection = router.connection();
    KeyValue bucket = connection.keyValue("CAF_EXEC_ASSIGN_V1_SUSPECTS");
    List<String> values = new ArrayList<>();
    for (String key : bucket.keys()) {
      values.add(bucket.get(key).getValueAsString());
    }
    return values;
  }

  private Assignments handle(Assignments assignment, Lease lease, long count) {
    worker
        .bean(AssignmentHandler.class)
        .handle(new Delivery("caf.exec.assign.v1", assignment.bytes(), null, lease, count));
    return assignment;
  }

  private static Lease lease(long sequence) {
    String replyTo = "$JS.ACK.CAF_EXEC_ASSIGN_V1.caf-workers.4." + sequence + ".4.1.0";
    return new Lease(replyTo, "CAF_EXEC_ASSIGN_V1@then", System.nanoTime(), 0);
  }

  private WorkerSlice worker(String... properties) {
    String[] all = Arrays.copyOf(properties, properties.length + 2);
    all[properties.length] = "worker.nats.max-deliver=" + MAX_DELIVER;
    all[properties.length + 1] = "worker.shutdown.grace=0s";
    WorkerSlice slice =
        WorkerSlice.upTo(
            "intake",
            nats.url(),
            ScriptedBlock.of(
                call -> {
                  runs.incrementAndGet();
                  gate.await();
                  return ScriptedBlock.DONE;
                }),
            all);
    open.add(0, slice);
    await().atMost(SOON).until(() -> slice.session() != null);
    return slice;
  }
}
