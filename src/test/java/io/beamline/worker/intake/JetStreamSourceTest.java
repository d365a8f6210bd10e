package io.beamline.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.queue.PullLimit;
import io.beamline.worker.queue.PullRoom;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pulls from consumers of every kind, on a real server. */
class JetStreamSourceTest {

  private static final String ASSIGN = "caf.exec.assign.v1";
  private static final String DURABLE = "caf-workers";
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final long LIMIT = 1_000;
  private static final int ROUNDS = 30;
  private static final int MANY = 300;

  /** Shorter than a pull stands: whoever waits for one to expire is late. */
  private static final Duration AT_ONCE = Duration.ofMillis(2_500);

  /** How soon the worker follows the flag of queue management (contract section 5). */
  private static final Duration FOLLOWED = Duration.ofSeconds(1);

  private static final int UNLIMITED = Integer.MAX_VALUE;

  private final AtomicLong held = new AtomicLong();
  private int room = UNLIMITED;
  private NatsServer nats;
  private Connection router;
  private Connection connection;
  private JetStreamManagement management;

  @BeforeEach
  void start() throws Exception {
    nats = NatsServer.start();
    router = nats.connect();
    connection =
        Nats.connect(
            Options.builder().server(nats.url()).noReconnect().inboxPrefix("_MINE.").build());
    management = router.jetStreamManagement();
    management.addStream(
        StreamConfiguration.builder()
            .name("MINE")
            .subjects(ASSIGN)
            .retentionPolicy(RetentionPolicy.WorkQueue)
            .storageType(StorageType.Memory)
            .build());
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    router.close();
    nats.close();
  }

  @Test
  void takesLargeMessagesAsFastAsTheyComeAndHoldsFewOfThem() throws Exception {
    MessageSource source = open();
    byte[] large = new byte[900_000];
    for (int i = 0; i < 60; i++) {
      router.jetStream().publish(ASSIGN, large);
    }
    for (int taken = 0; taken < 60; taken++) {
      Delivery delivery = next(source, AT_ONCE);
      assertThat(delivery.body()).hasSize(large.length);
      assertThat(delivery.count()).isEqualTo(1);
      assertThat(underWay() - taken).isLessThan(25);
    }
  }

  @Test
  void takesAMessageThatWasStoredWhenTheServerTookLargerOnes() throws Exception {
    consumer(consumer().maxBytes(1_000));
    MessageSource source = open();
    router.jetStream().publish(ASSIGN, new byte[5_000]);
    router.jetStream().publish(ASSIGN, new byte[100]);
    assertThat(next(source, AT_ONCE).body()).hasSize(5_000);
    assertThat(next(source, AT_ONCE).body()).hasSize(100);
  }

  @Test
  void asksForNoMoreThanTheConsumerAllows() throws Exception {
    consumer(consumer().maxBatch(3).maxExpires(Duration.ofSeconds(1)).maxBytes(10_000));
    MessageSource source = open();
    try (LogLines lines = new LogLines()) {
      for (int i = 0; i < 20; i++) {
        router.jetStream().publish(ASSIGN, new byte[4_000]);
      }
      for (int i = 0; i < 20; i++) {
        next(source, AT_ONCE);
      }
      assertThat(lines.warnings()).isEmpty();
    }
  }

  @Test
  void saysWhatTheConsumerRefuses() throws Exception {
    MessageSource source = open();
    management.deleteConsumer("MINE", DURABLE);
    consumer(consumer().maxExpires(Duration.ofSeconds(1)));
    try (LogLines lines = new LogLines()) {
      assertThat(source.next(Duration.ofMillis(500))).isNull();
      assertThat(lines.warnings())
          .hasSize(1)
          .first()
          .asString()
          .contains("Exceeded MaxRequestExpires");
    }
  }

  @Test
  void failsWhenTheConsumerIsDeleted() throws Exception {
    MessageSource source = open();
    assertThat(source.next(Duration.ofMillis(1))).isNull();
    await()
        .atMost(SOON)
        .until(() -> management.getConsumerInfo("MINE", DURABLE).getNumWaiting() == 1);
    management.deleteConsumer("MINE", DURABLE);
    assertThatThrownBy(() -> source.next(SOON))
        .isInstanceOf(SourceFailedException.class)
        .hasMessageContaining("Consumer Deleted");
  }

  /** Otherwise each would be a dead letter without content, and acknowledged. */
  @Test
  void failsWhenTheConsumerDeliversHeadersOnly() throws Exception {
    consumer(consumer().ackWait(Duration.ofSeconds(1)));
    MessageSource source = open();
    assertThat(source.next(Duration.ofMillis(1))).isNull();
    consumer(consumer().ackWait(Duration.ofSeconds(1)).headersOnly(true));
    router.jetStream().publish(ASSIGN, new byte[100]);
    assertThatThrownBy(() -> source.next(SOON))
        .isInstanceOf(SourceFailedException.class)
        .hasMessageContaining("headers only");

    consumer(consumer().ackWait(Duration.ofSeconds(1)));
    assertThat(next(open(), SOON).body()).hasSize(100);
  }

  @Test
  void takesAnEmptyMessageWhoseSenderNamesASize() throws Exception {
    MessageSource source = open();
    Headers headers = new Headers();
    headers.add("Nats-Msg-Size", "100");
    router.publish(ASSIGN, headers, new byte[0]);
    assertThat(source.next(SOON)).isNull();
    Delivery again = next(source, SOON);
    assertThat(again.body()).isEmpty();
    assertThat(again.count()).isEqualTo(2);
    router.publish(ASSIGN, new byte[0]);
    assertThat(next(source, SOON).body()).isEmpty();
  }

  @Test
  void hasWhatItWasGivenBeforeItStopped() throws Exception {
    MessageSource source = open();
    for (int i = 0; i < 600; i++) {
      router.jetStream().publish(ASSIGN, new byte[10]);
    }
    // So many are needed until it knows how small they are, and asks for many at once.
    for (int taken = 0; taken < 300; taken++) {
      next(source, SOON);
    }
    await().atMost(SOON).until(() -> underWay() == 600);
    source.stop();
    for (int taken = 300; taken < 600; taken++) {
      next(source, Duration.ofMillis(50));
    }
    assertThat(management.getConsumerInfo("MINE", DURABLE).getNumWaiting()).isZero();
  }

  /** What is on its way then, the server gives again; where it believes it delivered, later. */
  @Test
  void losesNothingWhenItStopsWhileMessagesArrive() throws Exception {
    consumer(consumer().ackWait(Duration.ofSeconds(2)));
    MessageSource staying = open(router);
    for (int round = 0; round < ROUNDS; round++) {
      MessageSource leaving = open(connection);
      assertThat(leaving.next(Duration.ofMillis(1))).isNull();
      CompletableFuture<Void> published = CompletableFuture.runAsync(this::publishMany);
      Set<Integer> taken = new HashSet<>(List.of(number(next(leaving, SOON))));
      leaving.stop();
      for (Delivery rest = rest(leaving); rest != null; rest = rest(leaving)) {
        taken.add(number(rest));
      }
      published.join();
      while (taken.size() < MANY) {
        taken.add(number(next(staying, SOON)));
      }
      management.purgeStream("MINE");
    }
  }

  /** Null when it has none, as a source that has stopped and given all. */
  private static @Nullable Delivery rest(MessageSource source) throws InterruptedException {
    try {
      return source.next(Duration.ofMillis(50));
    } catch (SourceFailedException e) {
      return null;
    }
  }

  private static int number(Delivery delivery) {
    return ByteBuffer.wrap(delivery.body()).getInt();
  }

  /** C18: what is held in sum is bounded, whatever the server has. */
  @Test
  void asksForNoMoreWhileAssignmentsTakeTooMuchMemory() throws Exception {
    MessageSource source = open();
    held.set(LIMIT);
    router.publish(ASSIGN, new byte[1]);

    assertThat(source.next(Duration.ofMillis(300))).isNull();

    held.set(LIMIT - 1);
    assertThat(next(source, SOON).count()).isEqualTo(1);
  }

  /** The policy hold is switched while nothing arrives: its pulls are open, or have expired. */
  @ParameterizedTest
  @ValueSource(ints = {1, 0})
  void followsALimitThatBeginsAndEndsWhileItIsIdle(int openPulls) throws Exception {
    consumer(consumer().maxExpires(Duration.ofSeconds(1)));
    MessageSource unlimited = open();
    assertThat(unlimited.next(Duration.ofMillis(1))).isNull();
    await().atMost(SOON).until(() -> openPulls() == openPulls);

    long begun = System.nanoTime();
    room = 2;
    assertThat(unlimited.next(Duration.ofMillis(500))).isNull();
    assertThat(unlimited.hasRequestedTooMuch()).isTrue();
    unlimited.stop();
    assertThat(rest(unlimited)).isNull();
    assertThat(openPulls()).isZero();
    MessageSource limited = open();
    assertThat(limited.next(Duration.ofMillis(1))).isNull();
    assertThat(System.nanoTime() - begun).isLessThan(FOLLOWED.toNanos());

    for (int i = 0; i < 10; i++) {
      router.jetStream().publish(ASSIGN, new byte[10]);
    }
    for (; room > 0; room--) {
      next(limited, SOON);
    }
    assertThat(limited.next(Duration.ofMillis(300))).isNull();
    assertThat(underWay()).as("nothing is hoarded").isEqualTo(2);

    long ended = System.nanoTime();
    room = UNLIMITED;
    for (int taken = 2; taken < 10; taken++) {
      next(limited, FOLLOWED);
    }
    assertThat(System.nanoTime() - ended).isLessThan(FOLLOWED.toNanos());
    assertThat(limited.hasRequestedTooMuch()).isFalse();
  }

  private int openPulls() throws Exception {
    return Math.toIntExact(management.getConsumerInfo("MINE", DURABLE).getNumWaiting());
  }

  private PullRoom pullRoom() {
    return new PullRoom() {
      @Override
      public PullLimit limit(long nowNanos) {
        return room == UNLIMITED ? PullLimit.NONE : new PullLimit(room, room);
      }

      @Override
      public boolean isLimited() {
        return room != UNLIMITED;
      }
    };
  }

  private void publishMany() {
    for (int i = 0; i < MANY; i++) {
      router.publish(ASSIGN, ByteBuffer.allocate(Integer.BYTES).putInt(i).array());
    }
  }

  private MessageSource open() throws Exception {
    return open(connection);
  }

  private MessageSource open(Connection connection) throws Exception {
    LogThrottle throttle = new LogThrottle(TimeSource.system(), Duration.ofMinutes(1));
    NatsSession session = ConnectionFixture.prepared(connection);
    return JetStreamSource.open(
        session,
        DURABLE,
        new StreamView(session, DURABLE, ASSIGN, body -> null),
        new AssignmentMemory(held::get, LIMIT, throttle),
        pullRoom(),
        TimeSource.system(),
        throttle);
  }

  private static Delivery next(MessageSource source, Duration within) throws Exception {
    return Objects.requireNonNull(source.next(within));
  }

  private long underWay() throws Exception {
    return management.getConsumerInfo("MINE", DURABLE).getNumAckPending();
  }

  private void consumer(ConsumerConfiguration.Builder consumer) throws Exception {
    management.addOrUpdateConsumer("MINE", consumer.build());
  }

  private static ConsumerConfiguration.Builder consumer() {
    return ConsumerConfiguration.builder()
        .durable(DURABLE)
        .filterSubject(ASSIGN)
        .ackPolicy(AckPolicy.Explicit)
        .maxAckPending(20_000);
  }
}
