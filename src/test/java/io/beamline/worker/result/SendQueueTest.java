package io.beamline.worker.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.result.Outgoing.Kind;
import io.beamline.worker.result.SendQueue.Departure;
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

  private final List<Departure> underWay = new ArrayList<>();
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
    assertThat(underWay).hasSize(2);

    underWay.removeFirst().failed();
    send();
    assertThat(underWay).hasSize(2);
  }

  @Test
  void sendsAloneWhatIsLargerThanTheWindow() {
    results(2, 1_000_000);
    send();
    assertThat(underWay).hasSize(1);

    underWay.removeFirst().failed();
    send();
    assertThat(underWay).hasSize(1);
  }

  @Test
  void sendsMoreAtOnceWhileConfirmationsAreQuick() {
    results(1_000, 100_000);
    send();
    confirm(300, QUICKLY);
    assertThat(queue.window()).isEqualTo(SendQueue.LARGEST_WINDOW);
    assertThat(underWay).hasSize((int) (SendQueue.LARGEST_WINDOW / 101_000));
  }

  @Test
  void keepsTheWindowWhileItIsNotNeeded() {
    for (int i = 0; i < 1_000; i++) {
      results(1, 1_000);
      send();
      confirm(1, QUICKLY);
    }
    assertThat(queue.window()).isEqualTo(SendQueue.SMALLEST_WINDOW);
  }

  @Test
  void sendsLessAtOnceOnceConfirmationsAreSlow() {
    results(1_000, 100_000);
    send();
    confirm(300, QUICKLY);
    confirm(200, SLOWLY);
    assertThat(queue.window()).isEqualTo(SendQueue.SMALLEST_WINDOW);
    assertThat(session.delay()).isEqualTo(SLOWLY);
    assertThat(underWay).hasSize(2);
  }

  @Test
  void acksAndResultsTakeTurns() {
    results(3, 10);
    for (int i = 0; i < 2; i++) {
      queue.add(pending(Kind.ACK, 10));
    }
    send();
    String order =
        underWay.stream()
            .map(one -> one.message().message().kind() == Kind.ACK ? "a" : "r")
            .collect(Collectors.joining());
    assertThat(order).isEqualTo("ararr");
  }

  @Test
  void aMessageThatEndsAtOnceMakesNoDeepStack() {
    int count = 100_000;
    List<Departure> sent = new ArrayList<>();
    IntStream.range(0, count).forEach(i -> queue.add(pending(Kind.RESULT, 1)));
    queue.send(
        departure -> {
          sent.add(departure);
          departure.failed();
          queue.send(sent::add);
        });
    assertThat(sent).hasSize(count);
  }

  private void results(int count, int size) {
    queue.add(IntStream.range(0, count).mapToObj(i -> pending(Kind.RESULT, size)).toList());
  }

  private Pending pending(Kind kind, int size) {
    byte[] body = new byte[size];
    Outgoing message = new Outgoing(kind, "s", new HeaderLines(), body, room -> body);
    return new Pending(message, () -> {}, 0, numbers++);
  }

  private void send() {
    queue.send(underWay::add);
  }

  private void confirm(int count, Duration after) {
    for (int i = 0; i < count; i++) {
      underWay.removeFirst().confirmed(after.toNanos());
      send();
    }
  }
}
