package io.beamline.worker.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.connection.JetStreamApi;
import io.beamline.worker.connection.JetStreamErrors;
import io.beamline.worker.support.FakeTime;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Checks that each letter is replayed at most once, wherever a command ends and whoever runs
 * another.
 */
class ReplayerTest {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SHORT = Duration.ofMillis(200);

  private static NatsServer nats;

  private Connection connection;
  private JetStreamApi jetStream;
  private JetStreamManagement management;

  @BeforeAll
  static void startNats() {
    nats = NatsServer.start();
  }

  @AfterAll
  static void stopNats() {
    nats.close();
  }

  @BeforeEach
  void connect() throws Exception {
    connection = nats.connect();
    jetStream = new JetStreamApi(connection, "");
    management = connection.jetStreamManagement();
  }

  @AfterEach
  void wipe() throws Exception {
    for (String stream : management.getStreamNames()) {
      management.deleteStream(stream);
    }
    connection.close();
  }

  @Test
  void replaysALetterOnceAndReportsWhen() throws Exception {
    streams(LONG);
    Letter letter = letter();
    assertThat(replay(letter)).isInstanceOf(ReplayOutcome.Replayed.class);
    assertThat(replay(letter))
        .isInstanceOfSatisfying(
            ReplayOutcome.AlreadyReplayed.class, it -> assertThat(it.at()).isNotNull());
    assertThat(assignments()).isOne();
    assertThat(management.getStreamInfo("DLQ").getStreamState().getMsgCount()).isOne();
  }

  @Test
  void letsTwoOperatorsReplayTheSameLettersAtOnce() throws Exception {
    streams(LONG);
    for (int i = 0; i < 40; i++) {
      publish("dlq", Letters.failed(Letters.ORIGINAL), new Headers());
    }
    CyclicBarrier together = new CyclicBarrier(2);
    try (ExecutorService operators = Executors.newFixedThreadPool(2)) {
      Callable<Integer> operator = () -> replayAll(together);
      List<Future<Integer>> replayed = operators.invokeAll(List.of(operator, operator));
      assertThat(replayed.get(0).get() + replayed.get(1).get()).isEqualTo(40);
    }
    assertThat(assignments()).isEqualTo(40);
  }

  @Test
  void resumesWhereACommandWasKilledBeforeItPublished() throws Exception {
    streams(LONG);
    Letter letter = letter();
    replays().start(letter.sequence());
    assertThat(replay(letter)).isInstanceOf(ReplayOutcome.Replayed.class);
    assertThat(assignments()).isOne();
  }

  @Test
  void publishesNothingAgainWhereACommandWasKilledAfterIt() throws Exception {
    streams(LONG);
    Letter letter = letter();
    startAndPublish(letter);
    assertThat(replay(letter)).isInstanceOf(ReplayOutcome.AlreadyReplayed.class);
    assertThat(replay(letter))
        .isInstanceOfSatisfying(
            ReplayOutcome.AlreadyReplayed.class, it -> assertThat(it.at()).isNotNull());
    assertThat(assignments()).isOne();
  }

  @Test
  void resumesWhereNatsFailedInTheMiddle() throws Exception {
    streams(LONG);
    Letter letter = letter();
    Connection lost = nats.connect();
    AssignmentPublisher cut = AssignmentPublisher.open(new JetStreamApi(lost, ""), "assign");
    lost.close();
    assertThatThrownBy(() -> replayer(cut, TimeSource.system()).replay(letter))
        .isInstanceOf(IOException.class);
    assertThat(replays().markOf(letter.sequence()).state()).isEqualTo(ReplayMark.State.STARTED);
    assertThat(replay(letter)).isInstanceOf(ReplayOutcome.Replayed.class);
  }

  @Test
  void findsAnAssignmentThatWaitsLongAfterTheWindow() throws Exception {
    streams(SHORT);
    Letter letter = letter();
    startAndPublish(letter);
    awaitWindow(letter);
    assertThat(replay(letter)).isInstanceOf(ReplayOutcome.AlreadyReplayed.class);
    assertThat(assignments()).isOne();
  }

  @Test
  void findsTheAckOfAnAssignmentThatIsGoneLongAfterTheWindow() throws Exception {
    streams(SHORT);
    Letter letter = letter();
    startAndPublish(letter);
    ack(newId(letter));
    management.purgeStream("ASSIGN");
    awaitWindow(letter);
    assertThat(replay(letter)).isInstanceOf(ReplayOutcome.AlreadyReplayed.class);
    assertThat(assignments()).isZero();
  }

  @Test
  void publishesLongAfterTheWindowWithoutATrace() throws Exception {
    streams(SHORT);
    Letter letter = letter();
    replays().start(letter.sequence());
    publish("assign", "{}", new Headers());
    ack("another");
    awaitWindow(letter);
    assertThat(replay(letter)).isInstanceOf(ReplayOutcome.Replayed.class);
    assertThat(assignments()).isEqualTo(2);
  }

  @Test
  void leavesALetterToTheOperatorWithoutEvidence() throws Exception {
    streams(SHORT);
    Letter letter = letter();
    startAndPublish(letter);
    ack(newId(letter));
    management.purgeStream("ASSIGN");
    management.purgeStream("ACK");
    awaitWindow(letter);
    String id = newId(letter);
    assertThat(replay(letter))
        .isInstanceOfSatisfying(
            ReplayOutcome.Impossible.class,
            it -> assertThat(it.why()).contains("not confirmed", id));
    assertThat(assignments()).isZero();
  }

  @Test
  void leavesALetterToTheOperatorIfTheStreamOfAcksIsYounger() throws Exception {
    streams(SHORT);
    Letter letter = letter();
    startAndPublish(letter);
    ack(newId(letter));
    management.purgeStream("ASSIGN");
    management.deleteStream("ACK");
    stream("ACK", RetentionPolicy.Limits, SHORT, "ack");
    awaitWindow(letter);
    assertThat(replay(letter)).isInstanceOf(ReplayOutcome.Impossible.class);
    assertThat(assignments()).isZero();
  }

  @Test
  void recognizesATakenKeyOfASingleServerAndOfACluster() {
    assertThat(JetStreamErrors.isWrongLastSequence(10_071)).isTrue();
    assertThat(JetStreamErrors.isWrongLastSequence(10_164)).isTrue();
    assertThat(JetStreamErrors.isWrongLastSequence(10_077)).isFalse();
  }

  @Test
  void publishesNothingOnceItsFindingsAreTooOld() throws Exception {
    streams(LONG);
    Letter letter = letter();
    FakeTime time = new FakeTime();
    TimeSource slow =
        new TimeSource() {
          @Override
          public long nanos() {
            time.advance(Duration.ofMinutes(1));
            return time.nanos();
          }

          @Override
          public long epochMillis() {
            return time.epochMillis();
          }

          @Override
          public void sleep(Duration duration) {
            time.sleep(duration);
          }
        };
    assertThatThrownBy(
            () -> replayer(AssignmentPublisher.open(jetStream, "assign"), slow).replay(letter))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("too long to be safe");
    assertThat(assignments()).isZero();
    assertThat(replay(letter)).isInstanceOf(ReplayOutcome.Replayed.class);
  }

  /** This server has no domain, so the operator's domain has not stored the assignment. */
  @Test
  void refusesTheConfirmationOfAnotherDomain() throws Exception {
    streams(LONG);
    Letter letter = letter();
    AssignmentPublisher other =
        new AssignmentPublisher(
            new JetStreamApi(connection, "hub"), "assign", "ASSIGN", Long.MAX_VALUE, LONG);
    assertThatThrownBy(() -> replayer(other, TimeSource.system()).replay(letter))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("outside of the JetStream domain hub holds the subject assign too");
    assertThat(replays().markOf(letter.sequence()).state()).isEqualTo(ReplayMark.State.STARTED);
  }

  @Test
  void keepsEntriesAsLongAsLetters() throws Exception {
    streams(LONG);
    replays();
    assertThat(connection.keyValueManagement().getStatus("DLQ_REPLAYS").getTtl())
        .isEqualTo(Duration.ofDays(7));
    StreamConfiguration dlq = management.getStreamInfo("DLQ").getConfiguration();
    management.updateStream(StreamConfiguration.builder(dlq).maxAge(Duration.ofDays(30)).build());
    replays();
    assertThat(connection.keyValueManagement().getStatus("DLQ_REPLAYS").getTtl())
        .isEqualTo(Duration.ofDays(30));
  }

  @Test
  void createsNoBucketWithoutProvision() throws Exception {
    streams(LONG);
    LetterStream letters = LetterStream.open(jetStream, "dlq");
    assertThatThrownBy(() -> ReplayLog.writing(jetStream, letters, false))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("DLQ_REPLAYS");
    assertThat(ReplayLog.reading(jetStream, letters).markOf(1)).isEqualTo(ReplayMark.OPEN);
    assertThat(management.getStreamNames()).hasSize(3);
  }

  @Test
  void scansALongStreamInOrder() throws Exception {
    streams(LONG);
    for (int i = 0; i < 200; i++) {
      publish(i % 2 == 0 ? "dlq" : "dlq.other", Letters.failed(Letters.ORIGINAL), new Headers());
    }
    management.deleteMessage("DLQ", 3);
    List<Long> seen = new ArrayList<>();
    try (StreamScan scan = LetterStream.open(jetStream, "dlq").scan(null)) {
      assertThat(scan.count()).isEqualTo(99);
      for (var m = scan.next(); m != null; m = scan.next()) {
        seen.add(LetterStream.letter(m).sequence());
        publish("dlq", "{}", new Headers());
      }
    }
    assertThat(seen).hasSize(99).isSorted().doesNotContain(2L, 3L).endsWith(199L);
    try (StreamScan scan =
        LetterStream.open(jetStream, "dlq").scan(Instant.now().plus(Duration.ofHours(1)))) {
      assertThat(scan.next()).isNull();
    }
    assertThat(management.getConsumerNames("DLQ")).isEmpty();
  }

  @Test
  void refusesAStreamThatReadingWouldEmpty() throws Exception {
    stream("DLQ", RetentionPolicy.WorkQueue, LONG, "dlq");
    assertThatThrownBy(() -> LetterStream.open(jetStream, "dlq"))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("retention must be limits");
    assertThatThrownBy(() -> LetterStream.open(jetStream, "nothing"))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("no stream holds the subject nothing");
  }

  private int replayAll(CyclicBarrier together) throws Exception {
    Connection own = nats.connect();
    JetStreamApi ownJetStream = new JetStreamApi(own, "");
    try {
      LetterStream letters = LetterStream.open(ownJetStream, "dlq");
      Replayer replayer =
          new Replayer(
              letters.replayIds(),
              ReplayLog.writing(ownJetStream, letters, true),
              AssignmentPublisher.open(ownJetStream, "assign"),
              new PublicationCheck(ownJetStream, "assign", "ack"),
              TimeSource.system());
      together.await();
      int replayed = 0;
      try (StreamScan scan = letters.scan(null)) {
        for (var m = scan.next(); m != null; m = scan.next()) {
          replayed +=
              replayer.replay(LetterStream.letter(m)) instanceof ReplayOutcome.Replayed ? 1 : 0;
        }
      }
      return replayed;
    } finally {
      own.close();
    }
  }

  private void streams(Duration window) throws Exception {
    stream("ASSIGN", RetentionPolicy.WorkQueue, window, "assign");
    stream("ACK", RetentionPolicy.Limits, window, "ack");
    stream("DLQ", RetentionPolicy.Limits, LONG, "dlq", "dlq.other");
  }

  private void stream(String name, RetentionPolicy kept, Duration window, String... subjects)
      throws Exception {
    var stream =
        StreamConfiguration.builder()
            .name(name)
            .subjects(subjects)
            .retentionPolicy(kept)
            .storageType(StorageType.Memory)
            .duplicateWindow(window);
    if (name.equals("DLQ")) {
      stream.maxAge(Duration.ofDays(7));
    }
    management.addStream(stream.build());
  }

  private Letter letter() throws Exception {
    publish("dlq", Letters.failed(Letters.ORIGINAL), new Headers());
    return LetterStream.open(jetStream, "dlq").find("1");
  }

  private void publish(String subject, String body, Headers headers) throws Exception {
    connection.jetStream().publish(subject, headers, body.getBytes(UTF_8));
  }

  private void ack(String assignmentId) throws Exception {
    publish("ack", "{}", new Headers().put("Nats-Msg-Id", assignmentId + ".ack"));
  }

  private void startAndPublish(Letter letter) throws Exception {
    replays().start(letter.sequence());
    Replay.Ready ready = (Replay.Ready) Replay.of(letter, newId(letter));
    assertThat(AssignmentPublisher.open(jetStream, "assign").publish(ready)).isTrue();
  }

  private void awaitWindow(Letter letter) throws Exception {
    ReplayLog replays = replays();
    Instant started = Objects.requireNonNull(replays.markOf(letter.sequence()).at());
    Awaitility.await()
        .until(() -> replays.serverTime().isAfter(started.plus(SHORT.multipliedBy(2))));
  }

  private String newId(Letter letter) throws Exception {
    return LetterStream.open(jetStream, "dlq").replayIds().assignmentId(letter.sequence());
  }

  private ReplayLog replays() throws Exception {
    return ReplayLog.writing(jetStream, LetterStream.open(jetStream, "dlq"), true);
  }

  private ReplayOutcome replay(Letter letter) throws Exception {
    return replayer(AssignmentPublisher.open(jetStream, "assign"), new FakeTime()).replay(letter);
  }

  private Replayer replayer(AssignmentPublisher publisher, TimeSource time) throws Exception {
    return new Replayer(
        LetterStream.open(jetStream, "dlq").replayIds(),
        replays(),
        publisher,
        new PublicationCheck(jetStream, "assign", "ack"),
        time);
  }

  private long assignments() throws Exception {
    return management.getStreamInfo("ASSIGN").getStreamState().getMsgCount();
  }
}
