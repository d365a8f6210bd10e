package io.beamline.worker.suspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.connection.NatsSessions;
import io.beamline.worker.result.Delivery;
import io.beamline.worker.result.Lease;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.WorkerSlice;
import io.beamline.worker.suspect.SuspectStart.NotRecorded;
import io.beamline.worker.suspect.SuspectStart.Recorded;
import io.beamline.worker.suspect.SuspectStart.TooMany;
import io.nats.client.Connection;
import io.nats.client.KeyValue;
import io.nats.client.api.KeyValueConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Counts the starts of suspects in a bucket of a real server. */
class SuspectCountsTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String BUCKET = "CAF_EXEC_ASSIGN_V1_SUSPECTS";
  private static final Lease LEASE = lease(17);

  private final NatsServer nats = NatsServer.start();
  private final List<WorkerSlice> workers = new ArrayList<>();
  private Connection router;

  @BeforeEach
  void connect() {
    router = nats.connect();
  }

  @AfterEach
  void close() {
    workers.forEach(WorkerSlice::close);
    NatsServer.disconnect(router);
    nats.close();
  }

  @Test
  void countsStartsUntilThereAreTooMany() {
    SuspectCounts counts = counts();
    for (int i = 0; i < 3; i++) {
      assertThat(counts.start(LEASE, 3)).isInstanceOf(Recorded.class);
    }
    assertThat(counts.start(LEASE, 3)).isEqualTo(new TooMany(3));
    assertThat(counts.start(lease(18), 3)).isInstanceOf(Recorded.class);
  }

  @Test
  void sharesTheCountsWithOtherWorkers() {
    assertThat(counts().start(LEASE, 2)).isInstanceOf(Recorded.class);
    assertThat(counts().start(LEASE, 2)).isInstanceOf(Recorded.class);
    assertThat(counts().start(LEASE, 2)).isEqualTo(new TooMany(2));
  }

  @Test
  void losesNoStartOfWorkersThatRecordAtOnce() {
    List<SuspectCounts> fleet = List.of(counts(), counts(), counts());
    long recorded =
        IntStream.range(0, 30)
            .parallel()
            .mapToObj(i -> fleet.get(i % 3).start(LEASE, 1_000))
            .filter(start -> start instanceof Recorded)
            .count();
    assertThat(recorded).isGreaterThanOrEqualTo(15);
    assertThat(fleet.getFirst().start(LEASE, recorded)).isEqualTo(new TooMany(recorded));
  }

  @Test
  void takesBackAStartOfWhatIsHandedBack() {
    SuspectCounts counts = counts();
    recorded(counts.start(LEASE, 2));
    recorded(counts.start(LEASE, 2)).takeBack();
    recorded(counts.start(LEASE, 2));
    assertThat(counts.start(LEASE, 2)).isEqualTo(new TooMany(2));
  }

  @Test
  void takesBackAStartInALaterSession() {
    SuspectCounts counts = counts();
    Recorded start = recorded(counts.start(LEASE, 1));
    nats.restart();
    await().atMost(SOON).until(() -> counts.start(lease(1), 1) != NotRecorded.UNREADABLE);

    start.takeBack();

    recorded(counts.start(LEASE, 1));
  }

  /** Another worker has the assignment meanwhile: its start must not be lost. */
  @Test
  void doesNotTakeBackWhatAnotherWorkerHasRecordedSince() {
    SuspectCounts counts = counts();
    Recorded first = recorded(counts.start(LEASE, 10));
    recorded(counts().start(LEASE, 10));

    first.takeBack();

    assertThat(counts.start(LEASE, 2)).isEqualTo(new TooMany(2));
  }

  @Test
  void forgetsWhatHasItsResult() {
    SuspectCounts counts = counts();
    recorded(counts.start(LEASE, 1));
    counts.settled(new Delivery("s", new byte[0], null, LEASE, 4));
    recorded(counts.start(LEASE, 1));
  }

  @Test
  void countsTheMessagesOfANewStreamAnew() {
    SuspectCounts counts = counts();
    recorded(counts.start(LEASE, 1));
    recorded(counts.start(new Lease(replyTo(17), "CAF_EXEC_ASSIGN_V1@later", 0, 0), 1));
  }

  @Test
  void makesTheBucketAgainWhenItIsDeleted() throws Exception {
    SuspectCounts counts = counts();
    recorded(counts.start(LEASE, 1));
    router.keyValueManagement().delete(BUCKET);

    await().atMost(SOON).until(() -> counts.start(LEASE, 1) instanceof Recorded);
  }

  @Test
  void takesNoNumberForNone() throws Exception {
    SuspectCounts counts = counts();
    recorded(counts.start(LEASE, 1));
    KeyValue bucket = router.keyValue(BUCKET);
    bucket.put(bucket.keys().getFirst(), "many");
    recorded(counts.start(LEASE, 1));
  }

  @Test
  void saysThatTheBucketIsMissingWhereItMustNotMakeIt() throws Exception {
    counts();
    SuspectCounts counts = counts("worker.nats.provision=false");
    try (LogLines lines = new LogLines()) {
      assertThat(counts.start(LEASE, 1)).isEqualTo(NotRecorded.NO_BUCKET);
      assertThat(lines.warnings())
          .anyMatch(line -> line.contains("No bucket for suspects") && line.contains(BUCKET));
    }
    assertThat(router.keyValueManagement().getBucketNames()).doesNotContain(BUCKET);
  }

  @Test
  void usesABucketThatAnOperatorHasMade() throws Exception {
    counts();
    router.keyValueManagement().create(KeyValueConfiguration.builder(BUCKET).build());
    recorded(counts("worker.nats.provision=false").start(LEASE, 1));
  }

  @Test
  void cannotReadWhileNatsIsAway() {
    SuspectCounts counts = counts();
    nats.stop();
    assertThat(counts.start(LEASE, 1)).isEqualTo(NotRecorded.UNREADABLE);
  }

  /** No permission was granted to the fleet for the bucket: an upgrade must not hurt it. */
  @Test
  void goesOnWithoutPermissions() {
    String deny = "{publish: {deny: [\"$JS.API.*.*.KV_>\", \"$KV.>\"]}}";
    try (NatsServer strict =
            NatsServer.start(
                "authorization: {users: [{user: w, password: p, permissions: " + deny + "}]}");
        WorkerSlice worker = slice("nats://w:p@127.0.0.1:" + strict.port())) {
      assertThat(worker.bean(SuspectCounts.class).start(LEASE, 1)).isEqualTo(NotRecorded.NO_BUCKET);
      assertThat(worker.bean(NatsSessions.class).problem()).isEmpty();
    }
  }

  private SuspectCounts counts(String... properties) {
    WorkerSlice worker = slice(nats.url(), properties);
    workers.add(worker);
    return worker.bean(SuspectCounts.class);
  }

  private static WorkerSlice slice(String url, String... properties) {
    WorkerSlice worker = WorkerSlice.upTo("suspect", url, List.of(), properties);
    await().atMost(SOON).until(() -> worker.session() != null);
    return worker;
  }

  private static Recorded recorded(SuspectStart start) {
    assertThat(start).isInstanceOf(Recorded.class);
    return (Recorded) start;
  }

  private static Lease lease(long sequence) {
    return new Lease(replyTo(sequence), "CAF_EXEC_ASSIGN_V1@2026-01-01T00:00:00Z", 0, 0);
  }

  private static String replyTo(long sequence) {
    return "$JS.ACK.CAF_EXEC_ASSIGN_V1.caf-workers.4." + sequence + ".4.1.0";
  }
}
