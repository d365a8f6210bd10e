package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.result.OutgoingMessage.MessageKind;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.NetworkProxy;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Core delivery over a network that can be made to swallow everything. */
class CoreTransportTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final ExecutorService pinger = Executors.newFixedThreadPool(2);
  private final CoreTransport transport = new CoreTransport(pinger);
  private NatsServer nats;
  private NetworkProxy network;
  private Connection connection;
  private NatsSession session;

  @BeforeEach
  void connect() throws Exception {
    nats = NatsServer.start();
    network = NetworkProxy.before(nats.port());
    connection =
        Nats.connect(
            Options.builder()
                .server("nats://127.0.0.1:" + network.port())
                .noReconnect()
                .pingInterval(Duration.ofSeconds(1))
                .build());
    session = ConnectionFixture.session(connection, "", Duration.ZERO);
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    network.close();
    nats.close();
    pinger.shutdownNow();
  }

  @Test
  void confirmsWhatTheServerHas() throws Exception {
    try (Connection router = nats.connect()) {
      Subscription results = router.subscribe("caf.exec.result.v1");
      router.flush(SOON);
      List<CompletableFuture<?>> confirmations = publish(1_000);

      await()
          .atMost(SOON)
          .until(() -> confirmations.stream().allMatch(CoreTransportTest::isConfirmed));

      router.flush(SOON);
      assertThat(results.getPendingMessageCount()).isEqualTo(1_000);
    }
  }

  @Test
  void confirmsNothingThatTheNetworkSwallowed() throws Exception {
    network.swallow(true);
    List<CompletableFuture<?>> confirmations = new ArrayList<>();
    await()
        .pollInterval(Duration.ofMillis(250))
        .atMost(SOON)
        .until(
            () -> {
              confirmations.addAll(publishIfOpen());
              return connection.getStatus() != Connection.Status.CONNECTED;
            });

    assertThat(confirmations).isNotEmpty();
    await().atMost(SOON).until(() -> confirmations.stream().allMatch(CompletableFuture::isDone));
    assertThat(confirmations).noneMatch(CoreTransportTest::isConfirmed);
  }

  @Test
  void whatAnInterruptedThreadPublishesIsConfirmedAndThere() throws Exception {
    try (Connection router = nats.connect()) {
      Subscription results = router.subscribe("caf.exec.result.v1");
      router.flush(SOON);
      Thread.currentThread().interrupt();
      List<CompletableFuture<?>> confirmations = publish(1);
      assertThat(Thread.interrupted()).isTrue();

      assertThat(results.nextMessage(SOON)).isNotNull();
      await().atMost(SOON).until(() -> isConfirmed(confirmations.getFirst()));
    }
  }

  private List<CompletableFuture<?>> publishIfOpen() {
    try {
      return publish(1);
    } catch (IllegalStateException e) {
      return List.of();
    }
  }

  private List<CompletableFuture<?>> publish(int count) {
    return IntStream.range(0, count)
        .<CompletableFuture<?>>mapToObj(i -> transport.publish(session, result("m-" + i)))
        .toList();
  }

  private static OutgoingMessage result(String id) {
    return OutboxTest.message(MessageKind.RESULT, "caf.exec.result.v1", id);
  }

  private static boolean isConfirmed(CompletableFuture<?> confirmation) {
    return confirmation.isDone() && !confirmation.isCompletedExceptionally();
  }
}
