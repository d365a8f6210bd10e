package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.result.OutgoingMessage.MessageKind;
import io.beamline.worker.result.SendQueue.Transmission;
import io.beamline.worker.support.NatsServer;
import io.nats.client.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much is on its way at once, and what comes first. */
class SendQueueTest {

  private static final Duration QUICKLY = Duration.ofMillis(20);
  private static final Duration SLOWLY = Duration.ofSeconds(2);

  private final List<Transmission> inFlight = new ArrayList<>();
  private NatsServer nats;
  private Connection connection;
  private NatsSession session;
  private SendQueue queue;
  private long numbers;

  @BeforeEach
  void open() {
    nats = NatsServer.start();
    connection = nats.connect();
    session = ConnectionFixture.session(connection, "stream", Duration.ofSeconds(1));
    queue = new SendQueue(session);
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    nats.close();
  }

  @Test
  void sendsAtOnceWhatFitsIntoTheWindow() {
    results(10, 100_000);
    send();
    assertThat(inFlight).hasSize(2);

    inFlight.removeFirst().endUnconfirmed();
    send();
    assertThat(inFlight).hasSize(2);
  }

  @Test
  void sendsAloneWhatIsLargerThanTheWindow() {
    results(2, 1_000_000);
    send();
    assertThat(inFlight).hasSize(1);

    inFlight.removeFirst().endUnconfirmed();
    send();
    assertThat(inFlight).hasSize(1);
  }

  @Test
  void sendsMoreAtOnceWhileConfirmationsAreQuick() {
    results(1_000, 100_000);
    send();
    confirm(300, QUICKLY);
    assertThat(queue.window()).isEqualTo(SendQueue.MAX_WINDOW);
    assertThat(inFlight).hasSize((int) (SendQueue.MAX_WINDOW / 101_000));
  }

  @Test
  void keepsTheWindowWhileItIsNotNeeded() {
    for (int i = 0; i < 1_000; i++) {
      results(1, 1_000);
      send();
      confirm(1, QUICKLY);
    }
    assertThat(queue.window()).isEqualTo(SendQueue.MIN_WINDOW);
  }

  @Test
  void sendsLessAtOnceOnceConfirmationsAreSlow() {
    results(1_000, 100_000);
    send();
    confirm(300, QUICKLY);
    confirm(200, SLOWLY);
    assertThat(queue.window()).isEqualTo(SendQueue.MIN_WINDOW);
    assertThat(session.confirmationTime()).isEqualTo(SLOWLY);
    assertThat(inFlight).hasSize(2);
  }

  @Test
  void acksAndResultsTakeTurns() {
    results(3, 10);
    for (int i = 0; i < 2; i++) {
      queue.add(pending(MessageKind.ACK, 10));
    }
    send();
    String order =
        inFlight.stream()
            .map(one -> one.message().message().kind() == MessageKind.ACK ? "a" : "r")
            .collect(Collectors.joining());
    assertThat(order).isEqualTo("ararr");
  }

  @Test
  void aMessageThatEndsAtOnceMakesNoDeepStack() {
    int count = 100_000;
    List<Transmission> sent = new ArrayList<>();
    IntStream.range(0, count).forEach(i -> queue.add(pending(MessageKind.RESULT, 1)));
    queue.send(
        transmission -> {
          sent.add(transmission);
          transmission.endUnconfirmed();
          queue.send(sent::add);
        });
    assertThat(sent).hasSize(count);
  }

  private void results(int count, int size) {
    queue.add(IntStream.range(0, count).mapToObj(i -> pending(MessageKind.RESULT, size)).toList());
  }

  private OutboxEntry pending(MessageKind kind, int size) {
    byte[] body = new byte[size];
    OutgoingMessage message = new OutgoingMessage(kind, "s", new HeaderLines(), body, room -> body);
    return new OutboxEntry(message, () -> {}, 0, numbers++);
  }

  private void send() {
    queue.send(inFlight::add);
  }

  private void confirm(int count, Duration after) {
    for (int i = 0; i < count; i++) {
      inFlight.removeFirst().confirmed(after.toNanos());
      send();
    }
  }
}
