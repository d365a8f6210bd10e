package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.contract.Outputs;
import io.beamline.worker.result.Answers;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.NetworkProxy;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.WorkerSlice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A link to NATS that is slow, but works: it is given the time that it needs. */
class SlowLinkTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final double LITTLE_MORE = 1.2;

  private NatsServer nats;
  private RouterStandIn router;

  @BeforeEach
  void start() {
    nats = NatsServer.start();
    router = RouterStandIn.connect(nats.url());
    router.streams().provision();
  }

  @AfterEach
  void close() {
    router.close();
    nats.close();
  }

  @Test
  void sendsLargeResultsOnce() {
    int results = 30;
    int size = 100_000;
    try (NetworkProxy link = NetworkProxy.before(nats.port(), 200_000);
        WorkerSlice worker = worker(link, size)) {
      List<String> ids = assign(results, 10);

      // 15 s of work for the link, and a slow link's pauses.
      router.awaitAll(ids, Duration.ofSeconds(40));

      assertDoneOnce(worker, results);
      assertThat(link.accepted()).as("sessions").isOne();
      assertThat(link.sent()).isLessThan((long) (results * size * LITTLE_MORE));
    }
  }

  /** Nothing comes back while the link carries the result: 19 s, of which a server is silent 15. */
  @Test
  void sendsAResultThatTakesTheLinkLongerThanASilentServerIsWaitedFor() {
    int size = 950_000;
    try (NetworkProxy link = NetworkProxy.before(nats.port(), 50_000);
        WorkerSlice worker = worker(link, size, "nats.spring.ping-interval=5s")) {
      router.awaitAll(assign(1, 10), Duration.ofSeconds(50));

      assertDoneOnce(worker, 1);
      assertThat(link.accepted()).as("sessions").isOne();
      assertThat(link.sent()).isLessThan((long) (size * LITTLE_MORE));
    }
  }

  @Test
  void takesLargeAssignmentsOnce() {
    int assignments = 30;
    try (NetworkProxy link = NetworkProxy.before(nats.port(), 200_000);
        WorkerSlice worker = worker(link, 10, "worker.nats.ack-wait=5s")) {
      List<String> ids = assign(assignments, 100_000);

      router.awaitAll(ids, Duration.ofSeconds(40));

      assertDoneOnce(worker, assignments);
      assertThat(link.accepted()).as("sessions").isOne();
      assertThat(link.received()).isLessThan((long) (assignments * 100_000 * LITTLE_MORE));
    }
  }

  @Test
  void sendsLargeResultsOnceInCoreDelivery() {
    try (NetworkProxy link = NetworkProxy.before(nats.port(), 200_000);
        WorkerSlice worker = worker(link, 100_000, "worker.nats.delivery=core")) {
      // What is published before the worker listens is lost.
      await()
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(500))
          .until(() -> !router.answers().isEmpty() || router.assignCore(ping()).isEmpty());
      List<String> ids =
          Stream.generate(ScriptedBlock::assignment).limit(15).map(router::assignCore).toList();

      router.awaitAll(ids, Duration.ofSeconds(30));

      await().atMost(SOON).until(() -> worker.bean(Answers.class).unfinished() == 0);
      assertThat(link.accepted()).as("sessions").isOne();
      assertThat(link.sent()).isLessThan((long) (15 * 100_000 * LITTLE_MORE));
      router.assertClean();
    }
  }

  /** Refused at once. */
  private static Assignments ping() {
    return Assignments.of("unknown");
  }

  private List<String> assign(int count, int size) {
    String text = "x".repeat(size);
    Stream<Assignments> all =
        Stream.generate(() -> ScriptedBlock.assignment().input("text", text)).limit(count);
    return router.assignAll(all.toList());
  }

  private void assertDoneOnce(WorkerSlice worker, int results) {
    await().atMost(SOON).until(() -> worker.bean(Answers.class).unfinished() == 0);
    await().atMost(SOON).until(() -> router.streams().consumer().getNumAckPending() == 0);
    assertThat(router.streams().storedResults()).hasSize(results);
    long delivered = router.streams().consumer().getDelivered().getConsumerSequence();
    assertThat(delivered).as("deliveries").isEqualTo(results);
    router.assertClean();
  }

  private static WorkerSlice worker(NetworkProxy link, int size, String... settings) {
    Outputs outputs = Outputs.of(Map.of("text", "x".repeat(size)));
    return WorkerSlice.upTo(
        "intake", "nats://127.0.0.1:" + link.port(), ScriptedBlock.of(call -> outputs), settings);
  }
}
