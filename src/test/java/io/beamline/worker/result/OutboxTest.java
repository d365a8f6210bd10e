package io.beamline.worker.result;

import static io.beamline.worker.result.ResultFixture.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.result.OutgoingMessage.MessageKind;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.support.WireMessage;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Messages on their way to a real server that comes and goes. */
class OutboxTest {

  private static final String RESULT = "caf.exec.result.v1";

  @Test
  void publishesAndConfirmsEachMessageOnce() {
    try (ResultFixture worker = new ResultFixture()) {
      worker.open();
      List<AtomicInteger> confirmations = sendResults(worker, 200);
      awaitEmpty(worker);

      assertThat(confirmations).allSatisfy(OutboxTest::isOnce);
      assertThat(worker.outbox.unpublishedAnswers()).isZero();
      WireMessage first = worker.router.streams().storedResults().getFirst();
      assertThat(first.header("Nats-Msg-Id")).contains("m-0");
      assertThat(first.body()).asString(StandardCharsets.UTF_8).isEqualTo("m-0");
    }
  }

  @Test
  void keepsWhatItCannotPublishUntilASessionOpens() {
    try (ResultFixture worker = new ResultFixture()) {
      List<AtomicInteger> confirmations = sendResults(worker, 50);
      assertThat(worker.outbox.unpublishedAnswers()).isEqualTo(50);
      assertThat(worker.outbox.isEmpty()).isFalse();

      worker.open();
      awaitEmpty(worker);

      assertThat(confirmations).allSatisfy(OutboxTest::isOnce);
      assertThat(storedResults(worker)).isEqualTo(50);
    }
  }

  @Test
  void storesEachMessageOnceThoughTheServerIsKilledAgainAndAgain() {
    try (ResultFixture worker = new ResultFixture()) {
      AtomicInteger confirmed = new AtomicInteger();
      int sent = 0;
      for (int round = 0; round < 4; round++) {
        int before = confirmed.get();
        worker.open();
        for (int i = 0; i < 1_000; i++) {
          worker.outbox.send(result("m-" + sent++), confirmed::incrementAndGet);
        }
        await().atMost(SOON).until(() -> confirmed.get() > before);
        worker.nats.kill();
        worker.end();
        worker.nats.restart();
      }
      worker.open();
      awaitEmpty(worker);

      assertThat(confirmed).hasValue(sent);
      assertThat(storedResults(worker)).isEqualTo(sent);
      assertThat(worker.outbox.unpublishedAnswers()).isZero();
    }
  }

  @Test
  void saysOnceThatManyMessagesFailed() {
    Transport failing =
        (session, message) ->
            CompletableFuture.failedFuture(new TimeoutException("no confirmation"));
    try (ResultFixture worker = new ResultFixture(failing, 1 << 20);
        LogLines lines = new LogLines()) {
      worker.open();
      sendResults(worker, 500);

      assertThat(lines.warnings())
          .filteredOn(line -> line.contains("could not be published"))
          .hasSizeBetween(1, 3);
    }
  }

  @Test
  void sendsAgainInANewSessionWhatTheOldOneDidNotConfirm() {
    Deque<CompletableFuture<?>> held = new ArrayDeque<>();
    Transport real = ResultFixture.jetStream();
    Transport losesConfirmations =
        (session, message) -> {
          held.add(real.publish(session, message));
          return held.size() == 1 ? new CompletableFuture<>() : held.getLast();
        };
    try (ResultFixture worker = new ResultFixture(losesConfirmations, 1 << 20)) {
      worker.open();
      AtomicInteger confirmed = new AtomicInteger();
      worker.outbox.send(result("m"), confirmed::incrementAndGet);
      held.getFirst().join();
      assertThat(confirmed).hasValue(0);

      worker.end();
      worker.open();
      awaitEmpty(worker);

      assertThat(held).hasSize(2);
      assertThat(confirmed).hasValue(1);
      assertThat(storedResults(worker)).isEqualTo(1);
    }
  }

  @Test
  void confirmsOnceThoughTwoSessionsConfirm() {
    CompletableFuture<Void> old = new CompletableFuture<>();
    CompletableFuture<Void> fresh = new CompletableFuture<>();
    Deque<CompletableFuture<Void>> replies = new ArrayDeque<>(List.of(old, fresh));
    try (ResultFixture worker = new ResultFixture((session, message) -> replies.remove(), 1)) {
      worker.open();
      AtomicInteger confirmed = new AtomicInteger();
      worker.outbox.send(result("m"), confirmed::incrementAndGet);
      worker.end();
      worker.open();

      old.complete(null);
      fresh.complete(null);

      assertThat(confirmed).hasValue(1);
      assertThat(worker.outbox.unpublishedAnswers()).isZero();
      assertThat(worker.outbox.hasRoom()).isTrue();
    }
  }

  @Test
  void triesAgainUntilTheMissingStreamIsMadeThoughSomebodyListens() throws Exception {
    try (ResultFixture worker = new ResultFixture()) {
      JetStreamManagement management = worker.router.connection().jetStreamManagement();
      management.deleteStream(management.getStreamNames(RESULT).getFirst());
      worker.open();
      List<AtomicInteger> confirmations = sendResults(worker, 20);
      await().atMost(SOON).until(() -> worker.router.answers().size() > 0);
      assertThat(worker.outbox.unpublishedAnswers()).isEqualTo(20);

      worker.router.streams().provision();
      awaitEmpty(worker);

      assertThat(confirmations).allSatisfy(OutboxTest::isOnce);
      assertThat(storedResults(worker)).isEqualTo(20);
    }
  }

  @Test
  void triesAgainUntilTheFullStreamHasRoom() throws Exception {
    try (ResultFixture worker = new ResultFixture()) {
      JetStreamManagement management = worker.router.connection().jetStreamManagement();
      management.deleteStream(management.getStreamNames(RESULT).getFirst());
      management.addStream(
          StreamConfiguration.builder()
              .name("FULL")
              .subjects(RESULT)
              .maxMessages(1)
              .discardPolicy(DiscardPolicy.New)
              .storageType(StorageType.Memory)
              .build());
      worker.open();
      List<AtomicInteger> confirmations = sendResults(worker, 2);
      await().atMost(SOON).until(() -> worker.outbox.unpublishedAnswers() == 1);

      management.purgeStream("FULL");
      awaitEmpty(worker);

      assertThat(confirmations).allSatisfy(OutboxTest::isOnce);
    }
  }

  /** More of them than may be in flight, as while the server that keeps their stream is frozen. */
  @Test
  void publishesResultsAtOnceWhileNoDeadLetterIsConfirmed() {
    Transport real = ResultFixture.jetStream();
    Transport withoutDeadLetters =
        (session, message) ->
            message.kind() == MessageKind.DEAD_LETTER
                ? new CompletableFuture<>()
                : real.publish(session, message);
    try (ResultFixture worker = new ResultFixture(withoutDeadLetters, 1 << 20)) {
      worker.open();
      for (int i = 0; i < 600; i++) {
        worker.outbox.send(message(MessageKind.DEAD_LETTER, "caf.exec.dlq.v1", "d-" + i), () -> {});
      }
      List<AtomicInteger> confirmations = sendResults(worker, 20);

      await().atMost(SOON).until(() -> worker.outbox.unpublishedAnswers() == 0);

      assertThat(confirmations).allSatisfy(OutboxTest::isOnce);
      assertThat(worker.outbox.unpublishedDeadLetters()).isEqualTo(600);
    }
  }

  @Test
  void hasRoomUntilItsMemoryIsUsedUpAndAgainWhenAllIsPublished() {
    int weight = result("m-0").weight();
    try (ResultFixture worker = new ResultFixture(ResultFixture.jetStream(), 3L * weight)) {
      sendResults(worker, 2);
      assertThat(worker.outbox.hasRoom()).isTrue();
      worker.outbox.send(result("m-2"), () -> {});
      assertThat(worker.outbox.hasRoom()).isFalse();

      worker.open();
      await().atMost(SOON).until(worker.outbox::hasRoom);
    }
  }

  @Test
  void givesBackEveryByte() {
    try (ResultFixture worker = new ResultFixture(ResultFixture.jetStream(), 1)) {
      worker.open();
      sendResults(worker, 500);
      worker.outbox.send(message(MessageKind.ACK, "caf.exec.assign.v1.ack", "a"), () -> {});
      worker.outbox.send(message(MessageKind.DEAD_LETTER, "caf.exec.dlq.v1", "d"), () -> {});
      awaitEmpty(worker);
      assertThat(worker.outbox.hasRoom()).isTrue();
      assertThat(worker.outbox.unpublishedAnswers()).isZero();
      assertThat(worker.outbox.unpublishedDeadLetters()).isZero();
    }
  }

  @Test
  void isNotEmptyBeforeWhatFollowsAConfirmationIsDone() {
    try (ResultFixture worker = new ResultFixture()) {
      AtomicReference<Boolean> emptyMeanwhile = new AtomicReference<>();
      worker.outbox.send(result("m"), () -> emptyMeanwhile.set(worker.outbox.isEmpty()));
      worker.open();
      awaitEmpty(worker);
      assertThat(emptyMeanwhile).hasValue(false);
    }
  }

  @Test
  void aFailureOfWhatFollowsAConfirmationHarmsNothingElse() {
    try (ResultFixture worker = new ResultFixture()) {
      worker.open();
      worker.outbox.send(
          result("m"),
          () -> {
            throw new IllegalStateException("a defect");
          });
      List<AtomicInteger> confirmations = sendResults(worker, 1);
      awaitEmpty(worker);
      assertThat(confirmations).allSatisfy(OutboxTest::isOnce);
    }
  }

  @Test
  void confirmsOverCoreNatsWithoutAnyStream() {
    try (ResultFixture worker = core()) {
      worker.open();
      List<AtomicInteger> confirmations = sendResults(worker, 500);
      awaitEmpty(worker);
      assertThat(confirmations).allSatisfy(OutboxTest::isOnce);
      assertThat(storedResults(worker)).isEqualTo(500);
    }
  }

  @Test
  void losesNothingOverCoreNatsThoughTheServerIsKilled() {
    try (ResultFixture worker = core()) {
      worker.open();
      List<AtomicInteger> before = sendResults(worker, 1_000);
      worker.nats.kill();
      worker.end();
      AtomicInteger meanwhile = new AtomicInteger();
      worker.outbox.send(result("x"), meanwhile::incrementAndGet);
      worker.nats.restart();
      worker.open();
      awaitEmpty(worker);

      assertThat(before).allSatisfy(OutboxTest::isOnce);
      assertThat(meanwhile).hasValue(1);
      assertThat(storedResults(worker)).isEqualTo(1_001);
    }
  }

  @Test
  void aLostSessionOfCoreNatsSaysNothingAboutTheNext() {
    Deque<Runnable> flushes = new ArrayDeque<>();
    CoreTransport transport = new CoreTransport(flushes::add);
    try (ResultFixture worker = new ResultFixture(transport, 1 << 20)) {
      NatsSession old = worker.open();
      CompletableFuture<?> lost = transport.publish(old, result("old"));
      worker.end();
      NatsSession fresh = worker.open();
      CompletableFuture<?> good = transport.publish(fresh, result("new"));

      while (!flushes.isEmpty()) {
        flushes.remove().run();
      }

      assertThat(lost).isCompletedExceptionally();
      assertThat(good).isCompletedWithValue(null);
    }
  }

  private static ResultFixture core() {
    return new ResultFixture(new CoreTransport(Runnable::run), 1 << 20);
  }

  private static List<AtomicInteger> sendResults(ResultFixture worker, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              AtomicInteger confirmed = new AtomicInteger();
              worker.outbox.send(result("m-" + i), confirmed::incrementAndGet);
              return confirmed;
            })
        .toList();
  }

  private static OutgoingMessage result(String id) {
    return message(MessageKind.RESULT, RESULT, id);
  }

  static OutgoingMessage message(MessageKind kind, String subject, String id) {
    HeaderLines headers = new HeaderLines().add("Nats-Msg-Id", id);
    byte[] body = id.getBytes(StandardCharsets.UTF_8);
    return new OutgoingMessage(kind, subject, headers, body, room -> body);
  }

  private static long storedResults(ResultFixture worker) {
    return worker.router.streams().stored(RESULT);
  }

  private static void awaitEmpty(ResultFixture worker) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(worker.outbox::isEmpty);
  }

  private static void isOnce(AtomicInteger count) {
    assertThat(count).hasValue(1);
  }
}
