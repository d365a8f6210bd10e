package io.beamline.worker.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.beamline.worker.chart.Chart;
import io.beamline.worker.chart.NatsCommands;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.support.NatsServer;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PublishOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks streams and consumer on a real server, with and without existing ones. */
class JetStreamPreparationTest {

  private static final String ASSIGN = "caf.exec.assign.v1";
  private static final String DURABLE = "caf-workers";

  private static NatsServer nats;
  private static Connection connection;
  private JetStreamManagement management;

  @BeforeAll
  static void startServer() {
    nats = NatsServer.start();
    connection = nats.connect();
  }

  @AfterAll
  static void stopServer() throws InterruptedException {
    connection.close();
    nats.close();
  }

  @BeforeEach
  void manage() throws IOException {
    management = connection.jetStreamManagement();
  }

  @AfterEach
  void deleteStreams() throws IOException, JetStreamApiException {
    for (String stream : management.getStreamNames()) {
      management.deleteStream(stream);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void createsTheSameStreamsAsTheChartNotes(boolean byDefault) throws Exception {
    if (byDefault) {
      prepare();
    } else {
      prepare(
          "worker.nats.max-age=36h",
          "worker.nats.max-bytes=100MB",
          "worker.nats.duplicate-window=7m");
    }
    List<String> made = configurations();
    deleteStreams();

    NatsCommands.run(
        Chart.notes(
            byDefault ? "" : "worker: {nats: {maxAge: 36h, maxBytes: 100MB, duplicateWindow: 7m}}"),
        connection);
    // Made when they are needed.
    connection.keyValueManagement().delete("CAF_EXEC_ASSIGN_V1_SUSPECTS");
    management.deleteStream("CAF_EXEC_CANCEL_V1");

    assertThat(configurations()).isEqualTo(made).hasSize(5);
    assertThat(prepare("worker.nats.provision=false").ackWait()).isEqualTo(Duration.ofSeconds(30));
    assertThat(configurations()).isEqualTo(made);
  }

  @Test
  void keepsAnswersAsLongAndAsManyAsTheSettingsSay() throws Exception {
    prepare("worker.nats.max-age=36h", "worker.nats.max-bytes=100MB");

    StreamConfiguration results = management.getStreamInfo("CAF_EXEC_RESULT_V1").getConfiguration();
    assertThat(results.getMaxAge()).isEqualTo(Duration.ofHours(36));
    assertThat(results.getMaxBytes()).isEqualTo(100 * 1024 * 1024);
    assertThat(results.getReplicas()).isEqualTo(1);
    StreamConfiguration assignments =
        management.getStreamInfo("CAF_EXEC_ASSIGN_V1").getConfiguration();
    assertThat(assignments.getMaxAge()).isZero();
    assertThat(assignments.getMaxBytes()).isEqualTo(-1);
  }

  /** One server cannot keep three replicas: that the server says so shows that it was asked. */
  @Test
  void asksForReplicas() {
    assertThatThrownBy(() -> prepare("worker.nats.replicas=3"))
        .isInstanceOf(JetStreamApiException.class)
        .hasMessageContaining("replicas");
  }

  @Test
  void makesTheStreamsOfTheContract() throws Exception {
    NatsSession session = prepare();

    StreamConfiguration assignments = streamOf(ASSIGN);
    assertThat(assignments.getName()).isEqualTo(session.stream());
    assertThat(assignments.getRetentionPolicy()).isEqualTo(RetentionPolicy.WorkQueue);
    assertThat(assignments.getStorageType()).isEqualTo(StorageType.File);
    assertThat(assignments.getSubjects()).containsExactly(ASSIGN);
    for (String subject : List.of(ASSIGN + ".ack", "caf.exec.result.v1", "caf.exec.dlq.v1")) {
      StreamConfiguration answers = streamOf(subject);
      assertThat(answers.getSubjects()).containsExactly(subject);
      assertThat(answers.getRetentionPolicy()).isEqualTo(RetentionPolicy.Limits);
      assertThat(answers.getMaxAge()).isEqualTo(Duration.ofDays(7));
      assertThat(answers.getDuplicateWindow()).isEqualTo(Duration.ofMinutes(5));
      assertThat(answers.getStorageType()).isEqualTo(StorageType.File);
    }
  }

  /** The chart computes it too. */
  @Test
  void remembersIdsLongerWhereLeasesAreLonger() throws Exception {
    prepare("worker.nats.ack-wait=3m");
    Duration made = streamOf("caf.exec.result.v1").getDuplicateWindow();
    deleteStreams();

    NatsCommands.run(Chart.notes("worker: {nats: {ackWait: 3m}}"), connection);

    assertThat(made).isEqualTo(Duration.ofMinutes(9));
    assertThat(streamOf("caf.exec.result.v1").getDuplicateWindow()).isEqualTo(made);
  }

  /** The server drops a second message with the same id. */
  @ParameterizedTest
  @ValueSource(strings = {ASSIGN + ".ack", "caf.exec.result.v1", "caf.exec.dlq.v1"})
  void dropsASecondCopyWithinTheWindow(String subject) throws Exception {
    prepare("worker.nats.duplicate-window=1m", "worker.nats.ack-wait=5s");
    PublishOptions same = PublishOptions.builder().messageId("a-1").build();

    assertThat(connection.jetStream().publish(subject, new byte[1], same).isDuplicate()).isFalse();
    assertThat(connection.jetStream().publish(subject, new byte[1], same).isDuplicate()).isTrue();
    assertThat(streamOf(subject).getDuplicateWindow()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void makesTheConsumerOfTheContract() throws Exception {
    NatsSession session = prepare("worker.nats.ack-wait=7s", "worker.nats.max-ack-pending=1234");

    ConsumerConfiguration made = consumer(session.stream());
    assertThat(made.getAckPolicy()).isEqualTo(AckPolicy.Explicit);
    assertThat(made.getMaxAckPending()).isEqualTo(1234);
    assertThat(made.getMaxDeliver()).isEqualTo(-1);
    assertThat(made.getAckWait()).isEqualTo(Duration.ofSeconds(7));
    assertThat(made.getDeliverSubject()).isNull();
    assertThat(session.ackWait()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void doesNothingTheSecondTime() throws Exception {
    NatsSession first = prepare();
    NatsSession again = prepare("worker.nats.ack-wait=9s", "worker.nats.max-ack-pending=77");
    assertThat(again.streamIdentity()).isEqualTo(first.streamIdentity());
    assertThat(consumer(first.stream()).getMaxAckPending()).isEqualTo(20_000);
    assertThat(again.ackWait()).isEqualTo(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @ValueSource(strings = {ASSIGN, "caf.exec.*.v1", "caf.exec.assign.>"})
  void usesTheStreamThatAnOperatorMadeAndLeavesItAsItIs(String subject) throws Exception {
    operatorStream("MINE", subject);

    NatsSession session = prepare();

    assertThat(session.stream()).isEqualTo("MINE");
    StreamConfiguration mine = streamOf(ASSIGN);
    assertThat(mine.getRetentionPolicy()).isEqualTo(RetentionPolicy.Interest);
    assertThat(mine.getSubjects()).containsExactly(subject);
    assertThat(mine.getDuplicateWindow()).isEqualTo(Duration.ofMinutes(2));
    assertThat(consumer("MINE").getAckPolicy()).isEqualTo(AckPolicy.Explicit);
  }

  @Test
  void usesTheConsumerThatAnOperatorMadeAndLeavesItAsItIs() throws Exception {
    operatorStream("MINE", ASSIGN);
    operatorConsumer(
        ConsumerConfiguration.builder()
            .ackWait(Duration.ofSeconds(3))
            .ackPolicy(AckPolicy.Explicit)
            .filterSubject("caf.exec.assign.v1"));

    NatsSession session = prepare();

    assertThat(session.ackWait()).isEqualTo(Duration.ofSeconds(3));
    assertThat(consumer("MINE").getMaxAckPending()).isEqualTo(1000);
  }

  @Test
  void warnsAboutAnOperatorsLimits() throws Exception {
    operatorStream("MINE", ASSIGN);
    operatorConsumer(
        ConsumerConfiguration.builder()
            .ackPolicy(AckPolicy.Explicit)
            .ackWait(Duration.ofSeconds(3))
            .maxAckPending(10)
            .maxDeliver(3));

    try (LogLines lines = new LogLines()) {
      prepare();
      assertThat(lines.warnings())
          .anySatisfy(line -> assertThat(line).contains("max_ack_pending=\"10\""))
          .anySatisfy(line -> assertThat(line).contains("ack_wait=\"PT3S\"", "PT30S"))
          .anySatisfy(line -> assertThat(line).contains("max_deliver=\"3\""));
    }
    try (LogLines lines = new LogLines()) {
      prepare("worker.nats.max-ack-pending=2");
      assertThat(lines.warnings())
          .anySatisfy(line -> assertThat(line).contains("max_ack_pending=\"10\"", "wanted=\"2\""));
    }
  }

  @Test
  void doesNotWarnAboutWhatItMade() throws Exception {
    prepare();
    try (LogLines lines = new LogLines()) {
      prepare();
      assertThat(lines.warnings()).isEmpty();
    }
  }

  @Test
  void refusesAPushConsumer() throws Exception {
    operatorStream("MINE", ASSIGN);
    operatorConsumer(
        ConsumerConfiguration.builder().ackPolicy(AckPolicy.Explicit).deliverSubject("here"));
    assertUnusable("push");
  }

  @ParameterizedTest
  @ValueSource(strings = {"None", "All"})
  void refusesAConsumerThatDoesNotAcknowledgeExplicitly(String policy) throws Exception {
    operatorStream("MINE", ASSIGN);
    operatorConsumer(ConsumerConfiguration.builder().ackPolicy(AckPolicy.valueOf(policy)));
    assertUnusable("explicitly");
  }

  @Test
  void refusesAConsumerOfAnotherSubject() throws Exception {
    operatorStream("MINE", "caf.exec.>");
    operatorConsumer(
        ConsumerConfiguration.builder()
            .ackPolicy(AckPolicy.Explicit)
            .filterSubject("caf.exec.other"));
    assertUnusable(ASSIGN);
  }

  @Test
  void refusesAConsumerOfHeadersOnly() throws Exception {
    operatorStream("MINE", ASSIGN);
    operatorConsumer(
        ConsumerConfiguration.builder().ackPolicy(AckPolicy.Explicit).headersOnly(true));
    assertUnusable("headers_only");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "caf.exec.>", "caf.exec.assign.>"})
  void refusesAConsumerThatDeliversTheWorkersOwnAnswers(String filter) throws Exception {
    operatorStream("MINE", "caf.exec.>");
    operatorConsumer(
        ConsumerConfiguration.builder()
            .ackPolicy(AckPolicy.Explicit)
            .filterSubject(filter.isEmpty() ? null : filter));
    assertUnusable("the worker's own answers on " + ASSIGN + ".ack");
  }

  @Test
  void readsWhatTheConsumerAllows() throws Exception {
    operatorStream("MINE", ASSIGN);
    ConsumerTerms unlimited = ConsumerTerms.unlimited(Duration.ofSeconds(30));
    assertThat(prepare().consumerTerms().maxBytes()).isEqualTo(unlimited.maxBytes());
    assertThat(prepare().consumerTerms().maxBatch()).isEqualTo(unlimited.maxBatch());
    assertThat(prepare().consumerTerms().maxExpires()).isEqualTo(unlimited.maxExpires());
    management.deleteConsumer("MINE", DURABLE);
    operatorConsumer(
        ConsumerConfiguration.builder()
            .ackPolicy(AckPolicy.Explicit)
            .ackWait(Duration.ofSeconds(3))
            .maxBatch(7)
            .maxExpires(Duration.ofSeconds(1))
            .maxBytes(100_000)
            .maxAckPending(500)
            .maxDeliver(9));
    assertThat(prepare().consumerTerms())
        .isEqualTo(
            new ConsumerTerms(Duration.ofSeconds(3), 7, Duration.ofSeconds(1), 100_000, 500, 9));
  }

  @Test
  void followsAStreamWhoseLimitIsEdited() throws Exception {
    JetStreamPreparation preparation = new JetStreamPreparation(ConnectionFixture.settings());
    NatsSession session = preparation.prepare(connection);
    String subject = "caf.exec.result.v1";
    assertThat(session.limit(subject)).isEqualTo(connection.getMaxPayload());

    management.updateStream(
        StreamConfiguration.builder(streamOf(subject)).maximumMessageSize(5_000).build());
    reviewStreams(preparation, session);

    assertThat(session.limit(subject)).isEqualTo(5_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CAF_EXEC_RESULT_V1", "CAF_EXEC_DLQ_V1"})
  void endsTheSessionWhenAStreamOfAnswersIsGone(String stream) throws Exception {
    JetStreamPreparation preparation = new JetStreamPreparation(ConnectionFixture.settings());
    NatsSession session = preparation.prepare(connection);
    AtomicBoolean ended = new AtomicBoolean();
    session.onEndRequested(() -> ended.set(true));
    reviewStreams(preparation, session);
    assertThat(ended).isFalse();

    management.deleteStream(stream);
    session.requestStreamCheck();
    preparation.review(session);

    assertThat(ended).isTrue();
    preparation.prepare(connection);
    assertThat(management.getStreamNames()).contains(stream);
  }

  /** Then nothing confirms dead letters, although their stream is there. */
  @Test
  void endsTheSessionWhenTheStreamOfDeadLettersNoLongerHoldsTheirSubject() throws Exception {
    JetStreamPreparation preparation = new JetStreamPreparation(ConnectionFixture.settings());
    NatsSession session = preparation.prepare(connection);
    AtomicBoolean ended = new AtomicBoolean();
    session.onEndRequested(() -> ended.set(true));
    session.requestStreamCheck();
    preparation.review(session);
    assertThat(ended).isFalse();

    management.updateStream(
        StreamConfiguration.builder(management.getStreamInfo("CAF_EXEC_DLQ_V1").getConfiguration())
            .subjects("elsewhere")
            .build());
    session.requestStreamCheck();
    preparation.review(session);

    assertThat(ended).isTrue();
  }

  private static void reviewStreams(JetStreamPreparation preparation, NatsSession session)
      throws Exception {
    for (int reviews = 0; reviews < 6; reviews++) {
      preparation.review(session);
    }
  }

  /** A server does not answer a request that it does not permit, as if the stream were offline. */
  @Test
  void needsTheStreamsOfAcksAndResultsWithinReachButNotThatOfDeadLetters() throws Exception {
    try (NatsServer silent =
            NatsServer.start(
                "authorization: {users: [%s, %s, {user: all, password: p}]}"
                    .formatted(silentAbout("CAF_EXEC_RESULT_V1"), silentAbout("CAF_EXEC_DLQ_V1")));
        Connection noResults = login(silent, "CAF_EXEC_RESULT_V1");
        Connection noDeadLetters = login(silent, "CAF_EXEC_DLQ_V1");
        Connection everything = login(silent, "all");
        LogLines lines = new LogLines()) {
      JetStreamPreparation preparation = new JetStreamPreparation(ConnectionFixture.settings());

      assertThatThrownBy(() -> preparation.prepare(noResults)).isInstanceOf(IOException.class);
      NatsSession session = preparation.prepare(noDeadLetters);
      assertThat(session.deadLetterProblem()).contains("CAF_EXEC_DLQ_V1", "out of reach");
      preparation.review(session);
      assertThat(lines.warnings())
          .filteredOn(line -> line.contains("CAF_EXEC_DLQ_V1"))
          .singleElement()
          .asString()
          .contains("dead letters are kept", "does not answer");

      assertThat(preparation.prepare(everything).deadLetterProblem()).isEmpty();
    }
  }

  private static String silentAbout(String stream) {
    return "{user: %1$s, password: p, permissions: {publish: {deny: \"$JS.API.STREAM.INFO.%1$s\"}}}"
        .formatted(stream);
  }

  private static Connection login(NatsServer server, String user) throws Exception {
    return Nats.connect(
        Options.builder()
            .server(server.url())
            .userInfo(user, "p")
            .errorListener(new ErrorListener() {})
            .build());
  }

  @Test
  void refusesAnAnswerStreamThatConfirmsNothing() throws Exception {
    management.addStream(
        StreamConfiguration.builder()
            .name("SILENT")
            .subjects("caf.exec.result.v1")
            .noAck(true)
            .storageType(StorageType.Memory)
            .build());
    assertThatThrownBy(() -> prepare())
        .isInstanceOf(UnusableStreamException.class)
        .hasMessageContaining("SILENT")
        .hasMessageContaining("no_ack");
  }

  @Test
  void namesTheStreamThatAnOperatorMustMake() throws Exception {
    assertThatThrownBy(() -> prepare("worker.nats.provision=false"))
        .isInstanceOf(UnusableStreamException.class)
        .hasMessageContaining(ASSIGN)
        .hasMessageContaining("worker.nats.provision");
    assertThat(management.getStreamNames()).isEmpty();

    operatorStream("MINE", ASSIGN);
    assertThatThrownBy(() -> prepare("worker.nats.provision=false"))
        .hasMessageContaining(ASSIGN + ".ack");
  }

  @Test
  void namesTheConsumerThatAnOperatorMustMake() throws Exception {
    operatorStream("MINE", "caf.exec.>");
    assertThatThrownBy(() -> prepare("worker.nats.provision=false"))
        .isInstanceOf(UnusableStreamException.class)
        .hasMessageContaining("MINE")
        .hasMessageContaining(DURABLE);

    operatorConsumer(
        ConsumerConfiguration.builder().ackPolicy(AckPolicy.Explicit).filterSubject(ASSIGN));
    assertThat(prepare("worker.nats.provision=false").stream()).isEqualTo("MINE");
  }

  @Test
  void saysThatTheNameIsTaken() throws Exception {
    operatorStream("CAF_EXEC_ASSIGN_V1", "something.else");
    Throwable refusal = catchThrowable(() -> prepare());
    assertThat(FailureDescription.describe(refusal))
        .startsWith("JetStream refused:")
        .contains("name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jetstream: false",
        "accounts: {A: {users: [{user: a, password: b}]}}, no_auth_user: a"
      })
  void saysThatThereIsNoJetStream(String config) throws Exception {
    try (NatsServer without = NatsServer.start(config);
        Connection plain = without.connect()) {
      Throwable refusal =
          catchThrowable(
              () -> new JetStreamPreparation(ConnectionFixture.settings()).prepare(plain));
      assertThat(FailureDescription.describe(refusal)).startsWith("JetStream is not enabled");
    }
  }

  @Test
  void twoWorkersMayProvisionAtOnce() throws Exception {
    for (int round = 0; round < 10; round++) {
      try (Connection other = nats.connect()) {
        var one = CompletableFuture.supplyAsync(() -> prepared(connection));
        var two = CompletableFuture.supplyAsync(() -> prepared(other));
        assertThat(one.get(20, TimeUnit.SECONDS).streamIdentity())
            .isEqualTo(two.get(20, TimeUnit.SECONDS).streamIdentity());
      }
      assertThat(management.getStreamNames()).hasSize(4);
      deleteStreams();
    }
  }

  private NatsSession prepare(String... properties) throws Exception {
    return new JetStreamPreparation(ConnectionFixture.settings(properties)).prepare(connection);
  }

  private static NatsSession prepared(Connection on) {
    try {
      return new JetStreamPreparation(ConnectionFixture.settings()).prepare(on);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void assertUnusable(String why) {
    assertThatThrownBy(() -> prepare())
        .isInstanceOf(UnusableStreamException.class)
        .hasMessageContaining(DURABLE)
        .hasMessageContaining(why);
  }

  /** Of all streams and the consumer, as the server has them. */
  private List<String> configurations() throws IOException, JetStreamApiException {
    List<String> all = new ArrayList<>();
    for (String stream : management.getStreamNames()) {
      all.add(management.getStreamInfo(stream).getConfiguration().toJson());
      for (var consumer : management.getConsumers(stream)) {
        all.add(consumer.getConsumerConfiguration().toJson());
      }
    }
    return all;
  }

  private StreamConfiguration streamOf(String subject) throws Exception {
    String name = management.getStreamNames(subject).getFirst();
    return management.getStreamInfo(name).getConfiguration();
  }

  private ConsumerConfiguration consumer(String stream) throws Exception {
    return management.getConsumerInfo(stream, DURABLE).getConsumerConfiguration();
  }

  private void operatorStream(String name, String subject) throws Exception {
    management.addStream(
        StreamConfiguration.builder()
            .name(name)
            .subjects(subject)
            .retentionPolicy(RetentionPolicy.Interest)
            .storageType(StorageType.Memory)
            .build());
  }

  private void operatorConsumer(ConsumerConfiguration.Builder consumer) throws Exception {
    management.addOrUpdateConsumer("MINE", consumer.durable(DURABLE).build());
  }
}
