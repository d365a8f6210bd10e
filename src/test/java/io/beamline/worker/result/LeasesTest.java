package io.beamline.worker.result;

import static io.beamline.worker.result.ResultFixture.delivery;
import static io.beamline.worker.result.ResultFixture.pull;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.observability.logging.LogThrottle;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FakeTime;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Subscription;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leases with a real server that delivers again after one second. */
class LeasesTest {

  private static final Duration AT_ONCE = Duration.ofMillis(700);

  private ResultFixture worker;
  private JetStreamSubscription consumer;

  @BeforeEach
  void start() {
    worker = new ResultFixture();
    consumer = worker.consumer();
    worker.open();
  }

  @AfterEach
  void close() {
    worker.close();
  }

  @Test
  void aLeaseThatIsHeldIsGivenToNobodyElse() {
    Lease lease = take();
    worker.leases.hold(lease);
    assertThat(pull(consumer, Duration.ofMillis(3_500))).isNull();

    worker.leases.acknowledge(lease);

    await().atMost(ResultFixture.SOON).until(() -> unacknowledged() == 0);
    assertThat(worker.leases.held()).isZero();
  }

  @Test
  void aLeaseThatIsNotHeldIsDeliveredAgain() {
    take();
    assertThat(delivery(pull(consumer)).count()).isEqualTo(2);
  }

  @Test
  void whatIsHandedBackIsDeliveredAgainAtOnce() {
    Lease lease = take();
    worker.leases.hold(lease);
    worker.leases.handBack(lease);
    assertThat(pull(consumer, AT_ONCE)).isNotNull();
    assertThat(worker.leases.held()).isZero();
  }

  @Test
  void whatAnInterruptedThreadHandsBackIsDeliveredAgainAtOnce() {
    Lease lease = take();
    worker.leases.hold(lease);

    Thread.currentThread().interrupt();
    worker.leases.handBack(lease);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(pull(consumer, AT_ONCE)).isNotNull();
  }

  @Test
  void whatTheClientWouldNotTakeIsToldALittleLater() throws Exception {
    try (Connection real = worker.nats.connect()) {
      AtomicInteger refusals = new AtomicInteger(1);
      Connection full =
          (Connection)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (proxy, method, arguments) -> {
                    if (method.getName().equals("publish") && refusals.getAndDecrement() > 0) {
                      throw new IllegalStateException("Output queue is full");
                    }
                    return method.invoke(real, arguments);
                  });
      Lease lease = take();
      worker.leases.hold(lease);
      worker.leases.opened(ConnectionFixture.session(full, "stream-1", Duration.ofMinutes(1)));

      worker.leases.acknowledge(lease);

      await().atMost(ResultFixture.SOON).until(() -> unacknowledged() == 0);
      assertThat(refusals.get()).isNegative();
    }
  }

  @Test
  void whatEndsWhileNatsIsAwayIsToldInTheNextSession() {
    Lease done = take();
    Lease notDone = take();
    worker.leases.hold(done);
    worker.leases.hold(notDone);
    worker.end();
    worker.leases.acknowledge(done);
    worker.leases.handBack(notDone);
    assertThat(unacknowledged()).isEqualTo(2);

    worker.open();

    await().atMost(ResultFixture.SOON).until(() -> unacknowledged() == 1);
    assertThat(delivery(pull(consumer)).count()).isEqualTo(2);
  }

  @Test
  void anOldLeaseNeverAcknowledgesTheMessageOfTheSameNumberInANewStream() {
    Lease old = take();
    Lease alsoOld = take();
    worker.leases.hold(old);
    worker.leases.hold(alsoOld);
    worker.nats.kill();
    worker.end();
    worker.leases.acknowledge(old);
    worker.nats.wipeStore();
    worker.nats.restart();
    await()
        .atMost(ResultFixture.SOON)
        .ignoreExceptions()
        .untilAsserted(() -> worker.router.streams().provision());
    JetStreamSubscription fresh = worker.consumer();
    worker.router.assign(Assignments.echo());
    worker.router.assign(Assignments.echo());
    pull(fresh);
    pull(fresh);

    try (LogLines lines = new LogLines()) {
      worker.open("stream-2");
      worker.leases.acknowledge(alsoOld);
      assertThat(lines.warnings()).anyMatch(line -> line.contains("discarded"));
    }

    assertThat(delivery(pull(fresh)).count()).isEqualTo(2);
    assertThat(delivery(pull(fresh)).count()).isEqualTo(2);
    assertThat(unacknowledged()).isEqualTo(2);
    assertThat(worker.leases.held()).isZero();
  }

  @Test
  void endsALeaseOnce() throws Exception {
    try (Connection connection = worker.nats.connect()) {
      Subscription server = connection.subscribe("reply.1");
      connection.flush(ResultFixture.SOON);
      Lease lease = new Lease("reply.1", "stream-1", TimeSource.system().nanos(), 0);
      worker.leases.hold(lease);
      worker.leases.acknowledge(lease);
      worker.leases.acknowledge(lease);
      worker.leases.handBack(lease);
      Lease last = new Lease("reply.1", "stream-1", TimeSource.system().nanos(), 0);
      worker.leases.hold(last);
      worker.leases.handBack(last);
      worker.answers.handBack(delivery(lease));
      worker.answers.handBack(delivery(last));

      assertThat(next(server)).isEqualTo("+ACK");
      assertThat(next(server)).isEqualTo("-NAK");
      assertThat(server.nextMessage(Duration.ofMillis(200))).isNull();
    }
  }

  /** C18: each byte is counted once, and given back once, on each way that a lease may end. */
  @Test
  void countsTheMemoryOfAssignmentsWhileTheirLeasesAreHeld() {
    Lease acknowledged = sized(1);
    Lease handedBack = sized(20);
    Lease forgotten = sized(300);
    List<Lease> all = List.of(acknowledged, handedBack, forgotten);
    all.forEach(worker.leases::hold);
    all.forEach(worker.leases::hold);
    assertThat(worker.leases.heldBytes()).isEqualTo(321);

    worker.leases.acknowledge(acknowledged);
    worker.leases.forget(all);
    all.forEach(worker.leases::handBack);
    all.forEach(worker.leases::acknowledge);

    assertThat(worker.leases.heldBytes()).isZero();
  }

  private static Lease sized(long bytes) {
    return new Lease("reply.sized", "stream-1", TimeSource.system().nanos(), bytes);
  }

  @Test
  void renewsOnlyWhatIsDue() throws Exception {
    FakeTime time = new FakeTime();
    Leases leases = new Leases(time, new LogThrottle(time, Duration.ofSeconds(1)));
    try (NatsServer nats = NatsServer.start();
        Connection connection = nats.connect()) {
      Subscription server = connection.subscribe("reply.*");
      leases.hold(new Lease("reply.early", "s", time.nanos(), 0));
      leases.opened(ConnectionFixture.session(connection, "s", Duration.ofSeconds(6)));
      time.advance(Duration.ofMillis(600));
      leases.hold(new Lease("reply.late", "s", time.nanos(), 0));
      leases.hold(new Lease("reply.old", "another stream", time.nanos(), 0));

      time.advance(Duration.ofMillis(500));
      leases.renewDue();
      leases.renewDue();
      time.advance(Duration.ofMillis(500));
      leases.renewDue();

      assertThat(Objects.requireNonNull(server.nextMessage(ResultFixture.SOON)).getSubject())
          .isEqualTo("reply.early");
      assertThat(next(server)).isEqualTo("+WPI");
      connection.flush(ResultFixture.SOON);
      assertThat(server.getPendingMessageCount()).isZero();
    }
    assertThat(leases.checkInterval()).isLessThanOrEqualTo(Duration.ofMillis(500));
  }

  private Lease take() {
    worker.router.assign(Assignments.echo());
    return Objects.requireNonNull(delivery(pull(consumer)).lease());
  }

  private long unacknowledged() {
    return worker.router.streams().unacknowledgedAssignments();
  }

  private static String next(Subscription server) throws InterruptedException {
    return new String(
        Objects.requireNonNull(server.nextMessage(ResultFixture.SOON)).getData(), UTF_8);
  }
}
