package io.beamline.worker.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.connection.ConnectionFixture.Diary;
import io.beamline.worker.support.FreePort;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.support.NatsServer;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerConfiguration;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions with a real server that comes and goes. */
class NatsSessionsTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String PASSWORD = "s3cr3t-word";

  private final Diary diary = new Diary();
  private final List<NatsSessions> started = new ArrayList<>();

  @AfterEach
  void stopAll() {
    started.forEach(NatsSessions::stop);
  }

  @Test
  void beginsANewSessionAfterAKilledServerIsBack() throws Exception {
    try (NatsServer nats = NatsServer.start()) {
      NatsSessions sessions = start(ConnectionFixture.sessions(nats.url()));
      awaitSessions(1);
      assertThat(sessions.problem()).isEmpty();

      nats.kill();
      await().atMost(SOON).untilAsserted(() -> assertThat(sessions.problem()).isNotEmpty());
      assertThat(diary.opened.getFirst().isOpen()).isFalse();
      nats.restart();
      awaitSessions(2);

      assertThat(diary.calls).containsExactly("opened", "closed", "opened");
      NatsSession first = diary.opened.getFirst();
      NatsSession second = diary.opened.getLast();
      assertThat(second).isNotSameAs(first);
      assertThat(second.streamIdentity()).isEqualTo(first.streamIdentity());
      assertThat(sessions.problem()).isEmpty();
      second.connection().flush(Duration.ofSeconds(5));
    }
  }

  @Test
  void beginsANewSessionAtOnceWhenTheClientsReaderDies() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        LogLines log = new LogLines()) {
      Thread.ofPlatform().daemon().start(() -> serve(server, "HMSG x 1 9 3\r\n"));

      start(
          ConnectionFixture.sessions(
              "nats://127.0.0.1:" + server.getLocalPort(), new CorePreparation("")));

      await().atMost(SOON).until(() -> diary.calls.contains("closed"));
      await()
          .atMost(SOON)
          .until(() -> log.all().stream().anyMatch(line -> line.contains("has died")));
    }
  }

  /** Speaks the least that a client wants, and then what no client can read. */
  private static void serve(ServerSocket server, String poison) {
    try (Socket client = server.accept()) {
      OutputStream out = client.getOutputStream();
      out.write(
          "INFO {\"server_id\":\"x\",\"max_payload\":1000,\"headers\":true}\r\n"
              .getBytes(US_ASCII));
      BufferedReader in =
          new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
      boolean poisoned = false;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("PING")) {
          out.write(("PONG\r\n" + (poisoned ? "" : poison)).getBytes(US_ASCII));
          poisoned = true;
        }
      }
    } catch (IOException e) {
      // The client has gone, as it should.
    }
  }

  @Test
  void tellsAStreamThatWasMadeAnewFromTheOldOne() {
    try (NatsServer nats = NatsServer.start()) {
      start(ConnectionFixture.sessions(nats.url()));
      awaitSessions(1);

      nats.kill();
      nats.wipeStore();
      nats.restart();
      awaitSessions(2);

      NatsSession second = diary.opened.getLast();
      assertThat(second.stream()).isEqualTo(diary.opened.getFirst().stream());
      assertThat(second.streamIdentity()).isNotEqualTo(diary.opened.getFirst().streamIdentity());
    }
  }

  @Test
  void followsAConsumerThatIsEdited() throws Exception {
    try (NatsServer nats = NatsServer.start();
        Connection operator = nats.connect();
        LogLines lines = new LogLines()) {
      start(ConnectionFixture.sessions(nats.url()));
      awaitSessions(1);
      NatsSession session = diary.opened.getFirst();
      assertThat(session.ackWait()).isEqualTo(Duration.ofSeconds(30));

      edit(
          operator, session, consumer -> consumer.ackWait(Duration.ofSeconds(12)).maxAckPending(9));

      await().atMost(SOON).until(() -> session.ackWait().equals(Duration.ofSeconds(12)));
      assertThat(session.consumerTerms().maxAckPending()).isEqualTo(9);
      assertThat(diary.calls).containsExactly("opened");
      await()
          .atMost(SOON)
          .until(
              () -> lines.warnings().stream().anyMatch(line -> line.contains("max_ack_pending")));
    }
  }

  @Test
  void refusesAConsumerThatIsEditedSoThatItCannotWork() throws Exception {
    try (NatsServer nats = NatsServer.start();
        Connection operator = nats.connect()) {
      NatsSessions sessions = start(ConnectionFixture.sessions(nats.url()));
      awaitSessions(1);
      NatsSession session = diary.opened.getFirst();

      edit(operator, session, consumer -> consumer.headersOnly(true));
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(sessions.problem()).contains("headers only"));

      edit(operator, session, consumer -> consumer.headersOnly(false));
      awaitSessions(2);
      assertThat(sessions.problem()).isEmpty();
    }
  }

  private static void edit(
      Connection operator, NatsSession session, UnaryOperator<ConsumerConfiguration.Builder> change)
      throws Exception {
    JetStreamManagement management = operator.jetStreamManagement();
    ConsumerConfiguration now =
        management.getConsumerInfo(session.stream(), "caf-workers").getConsumerConfiguration();
    management.addOrUpdateConsumer(
        session.stream(), change.apply(ConsumerConfiguration.builder(now)).build());
  }

  @Test
  void waitsForAServerThatStartsLate() {
    int port = FreePort.find();
    NatsSessions sessions = start(ConnectionFixture.sessions("nats://127.0.0.1:" + port));
    await().atMost(SOON).until(() -> !sessions.problem().equals("not connected yet"));
    assertThat(sessions.problem()).contains("Unable to connect");
    assertThat(diary.calls).isEmpty();
    assertThat(sessions.isRunning()).isTrue();
  }

  @Test
  void endsItsSessionWhenStopped() {
    try (NatsServer nats = NatsServer.start()) {
      NatsSessions sessions = start(ConnectionFixture.sessions(nats.url()));
      awaitSessions(1);

      sessions.stop();
      sessions.stop();

      assertThat(sessions.isRunning()).isFalse();
      assertThat(diary.calls).containsExactly("opened", "closed");
      assertThat(diary.opened.getFirst().isOpen()).isFalse();
    }
  }

  @Test
  void stopsSoonWhileNoServerListens() {
    NatsSessions sessions =
        start(ConnectionFixture.sessions("nats://127.0.0.1:" + FreePort.find()));
    await().atMost(SOON).until(() -> !sessions.problem().equals("not connected yet"));
    assertThat(timeToStop(sessions)).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void stopsSoonWhileAServerIsSilent() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      AtomicBoolean reached = new AtomicBoolean();
      Thread.ofVirtual()
          .start(
              () -> {
                try (var connection = silent.accept()) {
                  reached.set(true);
                  connection.getInputStream().read();
                } catch (IOException e) {
                  // the test is over
                }
              });
      NatsSessions sessions =
          start(ConnectionFixture.sessions("nats://127.0.0.1:" + silent.getLocalPort()));
      await().atMost(SOON).untilTrue(reached);
      assertThat(timeToStop(sessions)).isLessThan(Duration.ofSeconds(7));
    }
  }

  @Test
  void renewsTheSessionAfterAListenerThrows() {
    try (NatsServer nats = NatsServer.start()) {
      NatsSessions sessions = ConnectionFixture.sessions(nats.url());
      AtomicBoolean thrown = new AtomicBoolean();
      sessions.subscribe(
          new SessionListener() {
            @Override
            public void opened(NatsSession session) {
              if (thrown.compareAndSet(false, true)) {
                throw new IllegalStateException("a defect");
              }
            }

            @Override
            public void closed() {}
          });
      start(sessions);
      awaitSessions(1);
      assertThat(thrown).isTrue();
      assertThat(diary.calls).containsExactly("closed", "opened");
    }
  }

  @Test
  void reportsAWrongPasswordWithoutShowingIt() {
    try (NatsServer nats = withPassword("another-word");
        LogLines lines = new LogLines()) {
      NatsSessions sessions = start(ConnectionFixture.sessions(withCredentials(nats)));

      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(sessions.problem()).contains("uthentication"));
      assertThat(lines.warnings()).anyMatch(line -> line.contains("uthentication"));
      assertThat(lines.all()).noneMatch(line -> line.contains(PASSWORD));
      assertThat(sessions.problem()).doesNotContain(PASSWORD);
    }
  }

  @Test
  void keepsThePasswordOutOfLogsAndProblems() {
    try (NatsServer nats = withPassword(PASSWORD);
        LogLines lines = new LogLines()) {
      NatsSessions sessions = start(ConnectionFixture.sessions(withCredentials(nats)));
      awaitSessions(1);
      nats.kill();
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(sessions.problem()).contains("Unable to connect"));

      assertThat(sessions.problem()).contains("127.0.0.1:" + nats.port()).doesNotContain(PASSWORD);
      await()
          .atMost(SOON)
          .until(() -> lines.all().stream().anyMatch(line -> line.contains("cannot be used yet")));
      assertThat(lines.all()).noneMatch(line -> line.contains(PASSWORD));

      nats.restart();
      awaitSessions(2);
      assertThat(lines.all()).noneMatch(line -> line.contains(PASSWORD));
    }
  }

  @Test
  void takesCommasWithSpacesBetweenServersAlsoWhenItConnectsAgain() {
    try (NatsServer nats = NatsServer.start()) {
      start(ConnectionFixture.sessions("nats://127.0.0.1:" + FreePort.find() + ", " + nats.url()));
      awaitSessions(1);
      nats.kill();
      nats.restart();
      awaitSessions(2);
    }
  }

  private NatsSessions start(NatsSessions sessions) {
    sessions.subscribe(diary);
    sessions.start();
    started.add(sessions);
    return sessions;
  }

  private void awaitSessions(int count) {
    await().atMost(SOON).untilAsserted(() -> assertThat(diary.opened).hasSize(count));
  }

  private static Duration timeToStop(NatsSessions sessions) {
    long before = System.nanoTime();
    sessions.stop();
    assertThat(sessions.isRunning()).isFalse();
    return Duration.ofNanos(System.nanoTime() - before);
  }

  private static NatsServer withPassword(String password) {
    return NatsServer.start("authorization: {user: \"worker\", password: \"" + password + "\"}");
  }

  private static String withCredentials(NatsServer nats) {
    return nats.url().replace("//", "//worker:" + PASSWORD + "@");
  }
}
