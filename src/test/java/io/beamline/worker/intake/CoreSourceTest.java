package io.beamline.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.support.NatsServer;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a worker of a core NATS queue group was given, it has. */
class CoreSourceTest {

  private static final int ROUNDS = 30;
  private static final int MESSAGES = 2_000;
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private NatsServer nats;
  private Connection publisher;
  private Connection connection;
  private Connection other;

  @BeforeEach
  void start() throws Exception {
    nats = NatsServer.start();
    publisher = Nats.connect(nats.url());
    connection = Nats.connect(nats.url());
    other = Nats.connect(nats.url());
  }

  @AfterEach
  void close() throws Exception {
    publisher.close();
    connection.close();
    other.close();
    nats.close();
  }

  @Test
  void losesNothingWhenItLeavesWhileMessagesArrive() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      MessageSource staying = open(other);
      MessageSource leaving = open(connection);
      CompletableFuture<Void> published = CompletableFuture.runAsync(this::publishAll);
      assertThat(leaving.next(SOON)).isNotNull();
      leaving.stop();
      int taken = 1 + rest(leaving);
      published.join();
      staying.stop();
      assertThat(taken + rest(staying)).isEqualTo(MESSAGES);
    }
  }

  @Test
  void hasWhatItWasGivenAlsoWhenTheSessionEndsAfterIt() throws Exception {
    MessageSource source = open(connection);
    publishAll();
    source.stop();
    connection.close();
    assertThat(rest(source)).isEqualTo(MESSAGES);
    assertThatThrownBy(() -> source.next(AT_ONCE)).isInstanceOf(SourceFailedException.class);
  }

  private static int rest(MessageSource source) throws InterruptedException {
    int taken = 0;
    try {
      while (source.next(AT_ONCE) != null) {
        taken++;
      }
    } catch (SourceFailedException e) {
      // It has no more.
    }
    return taken;
  }

  private static MessageSource open(Connection connection) throws Exception {
    NatsSession session = ConnectionFixture.session(connection, "", Duration.ZERO);
    MessageSource source = CoreSource.open(session, "assign", "workers");
    connection.flush(SOON);
    return source;
  }

  private void publishAll() {
    try {
      for (int i = 0; i < MESSAGES; i++) {
        publisher.publish("assign", Integer.toString(i).getBytes(StandardCharsets.UTF_8));
      }
      publisher.flush(SOON);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
