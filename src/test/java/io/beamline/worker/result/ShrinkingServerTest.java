package io.beamline.worker.result;

import static io.beamline.worker.result.ResultFixture.SOON;
import static io.beamline.worker.result.ResultFixture.failure;
import static io.beamline.worker.result.ResultFixture.identity;
import static io.beamline.worker.result.ResultFixture.success;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.Correlation;
import io.beamline.worker.contract.DeadLetter.Reason;
import io.beamline.worker.contract.RejectReason;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WireMessage;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that takes less than it did, or has lost a stream, while answers wait or come. */
class ShrinkingServerTest {

  private static final String ACK = "caf.exec.assign.v1.ack";
  private static final String RESULT = "caf.exec.result.v1";
  private static final String DLQ = "caf.exec.dlq.v1";
  private static final int SMALL = 8 * 1024;
  private static final String LONG = "long ".repeat(4_000);

  private final ResultFixture worker = new ResultFixture();
  private NatsSessions sessions = ConnectionFixture.sessions(worker.nats.url());

  @AfterEach
  void close() {
    sessions.stop();
    worker.close();
  }

  @Test
  void rewritesWhatWaitedForAServerThatTakesLess() {
    giveAll();
    worker.nats.stop();
    worker.nats.reconfigure("max_payload: " + SMALL);
    worker.nats.restart();
    worker.router.awaitServer(SOON);

    begin();

    awaitAllSmall();
  }

  /**
   * C15: the server tells nobody; it ends the connection at the first message that is too large.
   */
  @Test
  void rewritesForAConnectedServerThatTakesLessFromNowOn() {
    begin();
    await().atMost(SOON).until(() -> sessions.problem().isEmpty());
    worker.nats.reconfigure("max_payload: " + SMALL);
    worker.nats.reload();

    giveAll();

    awaitAllSmall();
  }

  @ParameterizedTest
  @ValueSource(strings = {ACK, RESULT, DLQ})
  void rewritesWhatItsStreamRefusesForItsSize(String subject) throws Exception {
    begin();
    await().atMost(SOON).until(() -> sessions.problem().isEmpty());
    shrink(subject);

    giveAll();

    awaitSettled();
    WireMessage message =
        switch (subject) {
          case ACK -> worker.router.streams().storedAcks().getFirst();
          case RESULT -> worker.router.streams().storedResults().getFirst();
          default -> worker.router.streams().storedDeadLetters().getFirst();
        };
    assertThat(size(message)).isLessThanOrEqualTo(SMALL);
    worker.router.assertClean();
  }

  @Test
  void knowsTheLimitsOfItsStreamsBeforeItWrites() throws Exception {
    shrink(RESULT);
    begin();
    await().atMost(SOON).until(() -> worker.limits.of(RESULT) == SMALL);
    assertThat(worker.limits.of(ACK)).isEqualTo(1024 * 1024);
  }

  @ParameterizedTest
  @ValueSource(strings = {ACK, RESULT, DLQ})
  void makesAStreamAgainThatVanishes(String subject) throws Exception {
    begin();
    await().atMost(SOON).until(() -> sessions.problem().isEmpty());
    delete(subject);
    // Nobody listens any more, so that the server says at once that it has nobody to give it to.
    worker.router.close();

    giveAll();

    awaitSettled();
    try (RouterStandIn later = RouterStandIn.connect(worker.nats.url())) {
      assertThat(later.streams().stored(subject)).isPositive();
    }
  }

  @Test
  void saysWhichStreamIsMissingWhenItMayNotMakeIt() throws Exception {
    worker.consumer();
    sessions = ConnectionFixture.sessions(worker.nats.url(), "worker.nats.provision=false");
    begin();
    await().atMost(SOON).until(() -> sessions.problem().isEmpty());
    delete(RESULT);
    worker.router.close();
    try (LogLines lines = new LogLines()) {
      giveAll();
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> assertThat(sessions.problem()).contains("no stream holds the subject", RESULT));
      assertThat(lines.warnings()).anyMatch(line -> line.contains("NATS cannot be used yet"));
    }
    assertThat(worker.outbox.isEmpty()).isFalse();

    try (RouterStandIn operator = RouterStandIn.connect(worker.nats.url())) {
      operator.streams().provision();
      awaitSettled();
      assertThat(operator.streams().stored(RESULT)).isPositive();
    }
  }

  /** One accepted assignment that succeeds, one that fails with a dead letter, one rejection. */
  private void giveAll() {
    AssignmentIdentity lengthy = identity("good", LONG, Correlation.NONE);
    Answer good = open(lengthy, new byte[0]);
    worker.answers.accept(good, null, false);
    worker.answers.finish(good, success(lengthy, Map.of("text", LONG)), false);
    Answer bad = open(identity("bad"), LONG.getBytes(UTF_8));
    worker.answers.accept(bad, null, false);
    worker.answers.finish(bad, failure(identity("bad")), false, Reason.FAILED);
    Answer refused = open(identity("refused"), new byte[0]);
    worker.answers.reject(refused, RejectReason.INVALID_ASSIGNMENT, LONG, null, false);
  }

  private Answer open(AssignmentIdentity identity, byte[] body) {
    Delivery delivery = new Delivery("caf.exec.assign.v1", body, null, null, 1);
    return Objects.requireNonNull(worker.answers.open(identity, delivery));
  }

  private void begin() {
    sessions.subscribe(worker.limits);
    sessions.subscribe(worker.outbox);
    sessions.start();
  }

  private void awaitAllSmall() {
    awaitSettled();
    assertThat(worker.router.streams().storedAcks()).hasSize(3).allMatch(m -> size(m) <= SMALL);
    assertThat(worker.router.streams().storedDeadLetters())
        .hasSize(1)
        .allMatch(m -> size(m) <= SMALL);
    assertThat(worker.router.streams().storedResults())
        .hasSize(2)
        .allMatch(m -> size(m) <= SMALL)
        .anySatisfy(
            result -> {
              assertThat(result.text("assignment_id")).isEqualTo("good");
              assertThat(result.text("status")).isEqualTo("error");
              assertThat(result.text("error_code")).isEqualTo("QUOTA_EXCEEDED");
            });
    worker.router.assertClean();
  }

  private void awaitSettled() {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(worker.outbox.isEmpty()).isTrue();
              assertThat(worker.answers.unfinished()).isZero();
            });
  }

  private void shrink(String subject) throws Exception {
    JetStreamManagement management = worker.router.connection().jetStreamManagement();
    String stream = management.getStreamNames(subject).getFirst();
    StreamConfiguration now = management.getStreamInfo(stream).getConfiguration();
    management.updateStream(StreamConfiguration.builder(now).maximumMessageSize(SMALL).build());
  }

  private void delete(String subject) throws Exception {
    JetStreamManagement management = worker.router.connection().jetStreamManagement();
    management.deleteStream(management.getStreamNames(subject).getFirst());
  }

  private static int size(WireMessage message) {
    Headers headers = new Headers();
    message.headers().forEach((name, values) -> headers.add(name, values));
    return headers.serializedLength() + message.body().length;
  }
}
