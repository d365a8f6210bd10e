package io.beamline.worker.result;

import static io.beamline.worker.result.ResultFixture.SOON;
import static io.beamline.worker.result.ResultFixture.delivery;
import static io.beamline.worker.result.ResultFixture.failure;
import static io.beamline.worker.result.ResultFixture.identity;
import static io.beamline.worker.result.ResultFixture.pull;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.contract.AssignmentIdentity;
import io.beamline.worker.contract.DeadLetter;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.support.WireMessage;
import io.nats.client.JetStreamSubscription;
import io.nats.client.impl.Headers;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is put aside, on a real server. */
class DeadLettersTest {

  private static final int MAX_PAYLOAD = 32 * 1024;

  private ResultFixture worker;

  @BeforeEach
  void start() {
    worker = new ResultFixture(ResultFixture.jetStream(), 1 << 20, "max_payload: " + MAX_PAYLOAD);
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void acknowledgesAMalformedMessageOnceItsDeadLetterIsStored() {
    JetStreamSubscription consumer = worker.consumer();
    worker.router.publish("no JSON".getBytes(UTF_8), Map.of("tenant_id", "t-1")).join();
    Delivery delivery = delivery(pull(consumer));
    worker.deadLetters.malformed(AssignmentIdentity.UNKNOWN, "not JSON", delivery);
    assertThat(worker.leases.held()).isEqualTo(1);
    assertThat(worker.router.streams().unacknowledgedAssignments()).isEqualTo(1);

    worker.open();

    await().atMost(SOON).until(() -> worker.router.streams().unacknowledgedAssignments() == 0);
    WireMessage letter = theOnlyOne();
    assertThat(letter.text("reason")).isEqualTo("malformed");
    assertThat(letter.text("original_subject")).isEqualTo("caf.exec.assign.v1");
    assertThat(letter.text("tenant_id")).isEqualTo("t-1");
    assertThat(letter.text("original_encoding")).isEqualTo("base64");
    assertThat(Base64.getDecoder().decode(letter.text("original"))).asString().isEqualTo("no JSON");
    assertThat(worker.leases.held()).isZero();
    worker.router.assertClean();
  }

  @Test
  void cutsAnOriginalThatDoesNotFitAndSaysSo() throws Exception {
    worker.open();
    byte[] original = new byte[900_000];
    new Random(1).nextBytes(original);
    putAside(DeadLetter.Reason.FAILED, new Delivery("caf.exec.assign.v1", original, null, null, 1));

    WireMessage letter = theOnlyOne();
    assertThat(letter.json().path("truncated").booleanValue()).isTrue();
    assertThat(letter.json().path("original_size").intValue()).isEqualTo(900_000);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(original);
    assertThat(letter.text("original_sha256")).isEqualTo(HexFormat.of().formatHex(digest));
    assertThat(letter.body().length).isBetween(MAX_PAYLOAD / 2, MAX_PAYLOAD);
    worker.router.assertClean();
  }

  /** Header bytes count; what is one byte too large for the server would never be stored. */
  @Test
  void fitsTheServerWhateverTheSizeOfTheOriginal() {
    worker.open();
    int letters = 0;
    for (int size = MAX_PAYLOAD - 1_800; size <= MAX_PAYLOAD; size += 50) {
      String id = "around-" + size;
      putAside(id, ("{\"x\":\"" + "y".repeat(size - 8) + "\"}").getBytes(UTF_8));
      putAside("raw-" + id, "z".repeat(size * 3 / 4).getBytes(UTF_8));
      letters += 2;
    }
    int expected = letters;
    await().atMost(SOON).until(worker.outbox::isEmpty);
    List<WireMessage> stored = worker.router.streams().storedDeadLetters();
    assertThat(stored).hasSize(expected).allMatch(letter -> size(letter) <= MAX_PAYLOAD);
    assertThat(stored).anyMatch(letter -> size(letter) > MAX_PAYLOAD - 400);
    assertThat(stored).anyMatch(letter -> letter.json().path("original").isObject());
    assertThat(stored).anyMatch(letter -> letter.json().path("truncated").booleanValue(false));
    worker.router.assertClean();
  }

  /** The server takes a message of exactly its limit, and so does the outbox. */
  @Test
  void fillsTheServersLimitToTheLastByte() {
    worker.open();
    HeaderLines headers = new HeaderLines().add("Nats-Msg-Id", "exact");
    int room = OutgoingMessage.room(headers, MAX_PAYLOAD);
    OutgoingMessage exact =
        new OutgoingMessage(
            OutgoingMessage.MessageKind.DEAD_LETTER,
            "caf.exec.dlq.v1",
            headers,
            new byte[room],
            less -> new byte[less]);
    HeaderLines longer = new HeaderLines().add("Nats-Msg-Id", "exact+");
    OutgoingMessage over =
        new OutgoingMessage(
            OutgoingMessage.MessageKind.DEAD_LETTER,
            "caf.exec.dlq.v1",
            longer,
            new byte[room],
            less -> new byte[less]);
    assertThat(exact.size()).isEqualTo(MAX_PAYLOAD);
    assertThat(over.size()).isEqualTo(MAX_PAYLOAD + 1);

    worker.outbox.send(exact, () -> {});
    worker.outbox.send(over, () -> {});

    await().atMost(SOON).until(worker.outbox::isEmpty);
    assertThat(worker.router.streams().storedDeadLetters())
        .extracting(DeadLettersTest::size)
        .containsExactly(MAX_PAYLOAD, MAX_PAYLOAD);
  }

  @Test
  void keepsAJsonOriginalAsJson() {
    worker.open();
    putAside(
        DeadLetter.Reason.MAX_DELIVER,
        new Delivery("caf.exec.assign.v1", "{\"x\": [1]}".getBytes(UTF_8), null, null, 21));
    WireMessage letter = theOnlyOne();
    assertThat(letter.json().path("original").path("x").path(0).intValue()).isEqualTo(1);
    assertThat(letter.header("x-dlq-reason")).contains("max_deliver");
    worker.router.assertClean();
  }

  @Test
  void aMalformedMessageThatComesAgainIsPutAsideOnce() {
    JetStreamSubscription consumer = worker.consumer();
    worker.open();
    worker.router.publish("no JSON".getBytes(UTF_8), Map.of()).join();
    worker.router.publish("no JSON".getBytes(UTF_8), Map.of()).join();
    Delivery first = delivery(pull(consumer));
    Delivery other = delivery(pull(consumer));
    Delivery again = delivery(pull(consumer));
    assertThat(again.count()).isEqualTo(2);

    for (Delivery delivery : List.of(first, other, again)) {
      worker.deadLetters.malformed(AssignmentIdentity.UNKNOWN, "not JSON", delivery);
    }

    await().atMost(SOON).until(worker.outbox::isEmpty);
    assertThat(worker.router.streams().stored("caf.exec.dlq.v1")).isEqualTo(2);
    worker.router.assertClean();
  }

  @Test
  void saysOnceThatManyMessagesAreMalformed() {
    worker.open();
    try (LogLines lines = new LogLines()) {
      for (int i = 0; i < 500; i++) {
        worker.deadLetters.malformed(
            AssignmentIdentity.UNKNOWN,
            "not JSON",
            new Delivery("caf.exec.assign.v1", ("no JSON " + i).getBytes(UTF_8), null, null, 1));
      }
      assertThat(lines.warnings())
          .filteredOn(line -> line.contains("Dead letter"))
          .hasSizeBetween(1, 3);
    }
    await().atMost(SOON).until(worker.outbox::isEmpty);
    assertThat(worker.router.streams().stored("caf.exec.dlq.v1")).isEqualTo(500);
  }

  /** Ends an assignment with an error and a dead letter. */
  private void putAside(DeadLetter.Reason reason, Delivery delivery) {
    Answer answer = Objects.requireNonNull(worker.answers.open(identity("a"), delivery));
    worker.answers.accept(answer, null, false);
    worker.answers.finish(answer, failure(identity("a")), false, reason);
  }

  private void putAside(String id, byte[] original) {
    Delivery delivery = new Delivery("caf.exec.assign.v1", original, null, null, 1);
    Answer answer = Objects.requireNonNull(worker.answers.open(identity(id), delivery));
    worker.answers.accept(answer, null, false);
    worker.answers.finish(answer, failure(identity(id)), false, DeadLetter.Reason.FAILED);
  }

  private static int size(WireMessage message) {
    Headers headers = new Headers();
    message.headers().forEach((name, values) -> headers.add(name, values));
    return headers.serializedLength() + message.body().length;
  }

  private WireMessage theOnlyOne() {
    await().atMost(SOON).until(() -> worker.router.streams().stored("caf.exec.dlq.v1") == 1);
    await().atMost(SOON).until(() -> worker.router.deadLetters().size() == 1);
    return worker.router.deadLetters().getFirst();
  }
}
