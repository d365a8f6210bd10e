package io.beamline.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.contract.Outputs;
import io.beamline.worker.result.Answers;
import io.beamline.worker.result.Outbox;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.WorkerSlice;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The intake while the memory for unpublished answers is full, with a real server. */
class FullOutboxTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  /** More results than there is memory for; the rest is handed back and run again. */
  private static final int FILLING = 14;

  private final AtomicInteger executions = new AtomicInteger();
  private NatsServer nats;
  private RouterStandIn router;
  private WorkerSlice worker;

  @BeforeEach
  void start() {
    nats = NatsServer.start();
    router = RouterStandIn.connect(nats.url());
    router.streams().provision();
    worker = worker(Map.of("text", "x".repeat(120_000)), "worker.nats.max-unpublished=1MB");
  }

  @AfterEach
  void close() {
    worker.close();
    router.close();
    nats.close();
  }

  @Test
  void leavesWhatItCouldNotAnswerToOthersUntilThereIsRoom() throws Exception {
    results(1);
    Outbox outbox = worker.bean(Outbox.class);
    List<String> ids = new ArrayList<>(assign(FILLING));
    await().atMost(SOON).until(() -> !outbox.hasRoom());

    // At once, while the worker may still have asked for them.
    ids.addAll(assign(700));

    try (WorkerSlice other = worker(Map.of("text", "short"))) {
      await().atMost(SOON).until(() -> executions.get() >= 700);
      results(-1);
      router.awaitAll(ids, Duration.ofSeconds(60));
      assertSettled(other);
    }
    // What the first worker kept comes before this.
    ids.addAll(assign(1));
    router.awaitAll(ids, SOON);
    assertSettled(worker);
    await().atMost(SOON).until(() -> router.streams().consumer().getNumAckPending() == 0);
    assertThat(router.streams().storedResults()).hasSize(ids.size());
    assertThat(executions.get()).isBetween(ids.size(), ids.size() + FILLING);
    assertThat(router.deadLetters()).isEmpty();
    router.assertClean();
  }

  private static void assertSettled(WorkerSlice worker) {
    await().atMost(SOON).until(() -> worker.bean(Answers.class).unfinished() == 0);
  }

  private WorkerSlice worker(Map<String, ?> outputs, String... more) {
    List<String> properties =
        new ArrayList<>(
            List.of(
                "worker.nats.ack-wait=2s",
                "worker.pools.cpu.concurrency=1",
                "worker.shutdown.grace=1s"));
    properties.addAll(List.of(more));
    return WorkerSlice.upTo(
        "intake",
        nats.url(),
        ScriptedBlock.of(
            call -> {
              executions.incrementAndGet();
              return Outputs.of(outputs);
            }),
        properties.toArray(String[]::new));
  }

  private List<String> assign(int count) {
    return router.assignAll(Stream.generate(ScriptedBlock::assignment).limit(count).toList());
  }

  private void results(long most) throws Exception {
    JetStreamManagement management = router.connection().jetStreamManagement();
    StreamConfiguration results = management.getStreamInfo("RESULTS").getConfiguration();
    management.updateStream(
        StreamConfiguration.builder(results)
            .discardPolicy(DiscardPolicy.New)
            .maxMessages(most)
            .build());
  }
}
