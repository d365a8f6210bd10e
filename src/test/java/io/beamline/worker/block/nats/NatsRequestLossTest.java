package io.beamline.worker.block.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.support.NatsListener;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.ReadableOutputs;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests over the worker's own sessions, when the server dies or does not let them pass. */
class NatsRequestLossTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String REQUEST = "{\"subject\": \"svc.raw\"}";

  private final RequestSessions requests = new RequestSessions();
  private final NatsRequestBlock block = NatsRequestFixture.block(requests, () -> 1 << 20, "svc.>");

  @Test
  void endWhenTheServerDiesAndWorkWhenItIsBack() throws Exception {
    try (NatsServer nats = NatsServer.start()) {
      NatsSessions sessions = sessions(nats.url());
      CountDownLatch arrived = new CountDownLatch(1);
      try (NatsListener silent = NatsListener.on(nats, "svc.raw", request -> arrived.countDown())) {
        CompletableFuture<StepFailure> failure =
            CompletableFuture.supplyAsync(
                () -> NatsRequestFixture.failure(block, NatsRequestFixture.call(REQUEST)));
        assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
        long killed = System.nanoTime();
        nats.kill();
        assertThat(failure.get(10, TimeUnit.SECONDS).error().code())
            .isEqualTo(ErrorCode.NETWORK_ERROR);
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(5));
      }
      await().atMost(SOON).until(() -> requests.current() == null);
      assertThat(NatsRequestFixture.failure(block, NatsRequestFixture.call(REQUEST)).error().code())
          .isEqualTo(ErrorCode.NETWORK_ERROR);

      nats.restart();
      try (NatsListener echo =
          NatsListener.on(
              nats,
              "svc.raw",
              request ->
                  request.getConnection().publish(request.getReplyTo(), request.getData()))) {
        await().atMost(SOON).until(() -> requests.current() != null);
        Map<String, Object> outputs =
            ReadableOutputs.of(block.run(NatsRequestFixture.call(REQUEST)));
        assertThat(outputs.get("body")).isEqualTo("");
      } finally {
        sessions.stop();
      }
      assertThat(requests.current()).isNull();
    }
  }

  @Test
  void endAtOnceWhereTheWorkerMayNotPublish() throws Exception {
    String users =
        "authorization: {users: [{user: w, password: x, permissions: {publish: {deny: [svc.raw]}}}]}";
    try (NatsServer nats = NatsServer.start(users)) {
      NatsSessions sessions = sessions(nats.url().replace("//", "//w:x@"));
      try {
        long start = System.nanoTime();
        StepFailure failure = NatsRequestFixture.failure(block, NatsRequestFixture.call(REQUEST));
        assertThat(failure.error().code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
        assertThat(failure.error().details()).isEqualTo(Map.of("field", "subject"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(sessions.problem()).isEmpty();
        assertThat(requests.current()).isNotNull();
      } finally {
        sessions.stop();
      }
    }
  }

  private NatsSessions sessions(String url) {
    NatsSessions sessions = ConnectionFixture.sessions(url, new String[0]);
    sessions.subscribeFirst(requests);
    sessions.onPublicationRefused(requests::refused);
    sessions.start();
    await().atMost(SOON).until(() -> requests.current() != null);
    return sessions;
  }
}
