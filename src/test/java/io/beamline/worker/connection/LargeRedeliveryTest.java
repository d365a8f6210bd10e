package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.contract.Outputs;
import io.beamline.worker.result.Answers;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.ScriptedBlock;
import io.beamline.worker.support.WorkerSlice;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Subscription;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Large assignments whose worker was killed: the server delivers each of them again. */
class LargeRedeliveryTest {

  private static final Duration SOON = Duration.ofSeconds(40);
  private static final int LARGE = 20;

  @Test
  void nothingIsLostThoughNoneFitsIntoTheFirstPulls() throws Exception {
    afterADeath(Duration.ofSeconds(2), 900_000, SOON);
  }

  /**
   * A NATS server before 2.10.14 passes over a redelivered message that a pull has no bytes left
   * for. It is delivered after another lease at the earliest.
   */
  @Test
  void noneWaitsForAnotherLeaseBecauseAPullWasFull() throws Exception {
    afterADeath(Duration.ofSeconds(10), 100_000, Duration.ofSeconds(18));
  }

  /** All assignments have their results in time, counted from the death of their first worker. */
  private static void afterADeath(Duration lease, int characters, Duration inTime)
      throws Exception {
    try (NatsServer nats = NatsServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url())) {
      router.streams().provision();
      router
          .connection()
          .jetStreamManagement()
          .addOrUpdateConsumer(
              "ASSIGNMENTS",
              ConsumerConfiguration.builder()
                  .durable("caf-workers")
                  .ackPolicy(AckPolicy.Explicit)
                  .ackWait(lease)
                  .build());
      String text = "x".repeat(characters);
      router.assignAll(
          Stream.generate(() -> ScriptedBlock.assignment().input("text", text))
              .limit(LARGE)
              .toList());
      takeAllAndDie(nats);
      long death = System.nanoTime();

      Outputs outputs = Outputs.of(Map.of("text", "x"));
      try (WorkerSlice worker =
          WorkerSlice.upTo(
              "intake",
              nats.url(),
              ScriptedBlock.of(call -> outputs),
              "worker.nats.ack-wait=" + lease.toSeconds() + "s")) {
        await()
            .atMost(inTime.minusNanos(System.nanoTime() - death))
            .untilAsserted(() -> assertThat(router.streams().storedResults()).hasSize(LARGE));
        await().atMost(SOON).until(() -> worker.bean(Answers.class).unfinished() == 0);
        assertThat(router.streams().consumer().getNumAckPending()).isZero();
      }
      router.assertClean();
    }
  }

  /** A worker that takes all assignments, and is killed before it answers any. */
  private static void takeAllAndDie(NatsServer nats) throws Exception {
    try (Connection connection = Nats.connect(nats.url())) {
      String inbox = connection.createInbox();
      Subscription messages = connection.subscribe(inbox);
      connection.publish(
          "$JS.API.CONSUMER.MSG.NEXT.ASSIGNMENTS.caf-workers",
          inbox,
          ("{\"batch\":" + LARGE + "}").getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < LARGE; i++) {
        assertThat(messages.nextMessage(SOON)).isNotNull();
      }
    }
  }
}
