package io.beamline.worker.flagstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamline.worker.connection.NatsSession;
import io.beamline.worker.feature.FlagStoreException;
import io.beamline.worker.support.LogLines;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.PoisonedHeaders;
import io.beamline.worker.support.RawPublisher;
import io.beamline.worker.support.WorkerSlice;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamManagement;
import io.nats.client.KeyValueManagement;
import io.nats.client.Subscription;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The bucket as two workers use it, on a real server. */
class SharedFlagStoreTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration FOLLOWS = Duration.ofSeconds(1);

  private static NatsServer nats;
  private static WorkerSlice slice;
  private static NatsSession session;

  private final SeenFlags here = new SeenFlags();
  private final SeenFlags there = new SeenFlags();
  private String name = "";

  @BeforeAll
  static void connect() {
    nats = NatsServer.start();
    slice = WorkerSlice.upTo("connection", nats.url(), List.of());
    session = awaitSession(slice);
  }

  @AfterAll
  static void disconnect() {
    slice.close();
    nats.close();
  }

  @BeforeEach
  void nameTheBucket(TestInfo test) {
    name = test.getTestMethod().orElseThrow().getName();
  }

  @Test
  void hasAllStatesBeforeTheSessionServes() throws Exception {
    SharedFlagStore first = opened(here);
    assertThat(here.loads()).isEqualTo(1);
    assertThat(here.texts()).isEmpty();
    assertThat(first.failure()).isEmpty();

    first.put("A", "1");
    first.put("A", "2");
    first.put("B", "x");
    first.put("C", "y");
    first.delete("C");
    assertThat(here.texts()).as("received at once").isEqualTo(Map.of("A", "2", "B", "x"));

    opened(there);
    assertThat(there.texts()).isEqualTo(Map.of("A", "2", "B", "x"));
    assertThat(there.loads()).isEqualTo(1);
  }

  @Test
  void readsOnAfterHeadersThatCannotBeRead() throws Exception {
    SharedFlagStore first = opened(here);
    try (RawPublisher raw = new RawPublisher(nats.port())) {
      PoisonedHeaders.all()
          .values()
          .forEach(headers -> raw.publish(key("A"), null, headers, "poisoned".getBytes(UTF_8)));
    }
    follows(here, Map.of("A", "poisoned"));

    first.put("B", "x");
    opened(there);

    assertThat(there.texts()).isEqualTo(Map.of("A", "poisoned", "B", "x"));
    assertThat(session.isOpen()).isTrue();
  }

  private String key(String flag) {
    return "$KV." + name + "." + flag;
  }

  @Test
  void aChangeReachesTheOthersWithinASecond() throws Exception {
    SharedFlagStore one = opened(here);
    SharedFlagStore other = opened(there);

    one.put("A", "1");
    follows(there, Map.of("A", "1"));
    other.put("A", "2");
    follows(here, Map.of("A", "2"));
    one.delete("A");
    follows(there, Map.of());
    other.poll();
    assertThat(there.loads()).as("nothing to be read anew").isEqualTo(1);
  }

  @Test
  void ofManyChangesAtOnceTheLastWinsEverywhere() throws Exception {
    SharedFlagStore one = opened(here);
    SharedFlagStore other = opened(there);

    CompletableFuture<Void> others = CompletableFuture.runAsync(() -> change(other, "other"));
    change(one, "one");
    others.join();

    String last = requireNonNull(session.connection().keyValue(name).get("A")).getValueAsString();
    follows(here, Map.of("A", last));
    follows(there, Map.of("A", last));
  }

  @Test
  void withoutABucketTheConfigurationHoldsUntilThereIsOne() throws Exception {
    try (LogLines log = new LogLines()) {
      SharedFlagStore bucket = new SharedFlagStore(new Bucket(name, false));
      bucket.addListener(here);
      bucket.opened(session);
      bucket.poll();
      bucket.poll();

      assertThat(log.warnings()).singleElement().asString().contains(name + " is missing: make it");
      assertThat(here.texts()).isEmpty();
      assertRefused(bucket, name + " is missing: make it");

      management().create(KeyValueConfiguration.builder(name).build());
      bucket.poll();
      assertThat(bucket.failure()).isEmpty();
      bucket.put("A", "1");
      assertThat(here.texts()).isEqualTo(Map.of("A", "1"));
    }
  }

  @Test
  void fallsBackWhenTheBucketIsMadeAnewOrEmptied() throws Exception {
    SharedFlagStore bucket = opened(here);
    bucket.put("A", "1");
    try (LogLines log = new LogLines()) {
      management().delete(name);
      bucket.poll();
      assertThat(here.texts()).isEmpty();
      assertThat(log.warnings()).singleElement().asString().contains("was replaced");
    }

    bucket.put("A", "2");
    session.connection().jetStreamManagement().purgeStream("KV_" + name);
    bucket.poll();
    bucket.poll();
    assertThat(here.texts()).isEmpty();

    int loads = here.loads();
    bucket.poll();
    bucket.poll();
    assertThat(here.loads()).as("an empty bucket is read once").isEqualTo(loads);
  }

  @Test
  void aBucketThatIsDeletedAndMayNotBeMadeIsMissing() throws Exception {
    management().create(KeyValueConfiguration.builder(name).build());
    SharedFlagStore bucket = new SharedFlagStore(new Bucket(name, false));
    bucket.addListener(here);
    bucket.opened(session);
    bucket.put("A", "1");

    management().delete(name);
    assertThatThrownBy(() -> bucket.put("A", "2"))
        .isInstanceOf(FlagStoreException.class)
        .hasMessageContaining("did not confirm");
    bucket.poll();

    assertThat(here.texts()).isEmpty();
    assertRefused(bucket, "is missing");
  }

  @Test
  void whileNatsIsAwayTheLastStatesHoldAndNothingCanBeChanged() throws Exception {
    try (NatsServer server = NatsServer.start();
        WorkerSlice worker = WorkerSlice.upTo("connection", server.url(), List.of())) {
      SharedFlagStore bucket = new SharedFlagStore(new Bucket(name, true));
      bucket.addListener(here);
      assertRefused(bucket, "NATS is away");
      bucket.opened(awaitSession(worker));
      bucket.put("A", "1");

      server.kill();
      assertThatThrownBy(() -> bucket.put("A", "2")).isInstanceOf(FlagStoreException.class);
      bucket.closed();
      assertRefused(bucket, "NATS is away");
      assertThat(here.texts()).isEqualTo(Map.of("A", "1"));

      server.restart();
      bucket.opened(awaitSession(worker));
      assertThat(here.texts()).isEqualTo(Map.of("A", "1"));
      bucket.put("A", "3");
      assertThat(here.texts()).isEqualTo(Map.of("A", "3"));
    }
  }

  @Test
  void aWatchThatFailsIsRetriedAtOnceAndThenLessAndLessOften() throws Exception {
    makeBucketForOneWatch();
    opened(here);
    AtomicInteger tries = new AtomicInteger();
    Dispatcher spy = session.connection().createDispatcher(request -> tries.incrementAndGet());
    spy.subscribe("$JS.API.CONSUMER.CREATE.KV_" + name + ".>");

    SharedFlagStore late = opened(there);
    awaitAllSeen(spy);
    assertThat(tries).as("before the worker begins").hasValue(3);
    assertThat(there.loads()).isZero();
    assertThat(late.failure()).contains("consumers limit");

    IntStream.range(0, 40).forEach(poll -> late.poll());
    awaitAllSeen(spy);
    assertThat(tries).as("in 40 seconds").hasValue(6);

    JetStreamManagement streams = session.connection().jetStreamManagement();
    streams.deleteConsumer("KV_" + name, streams.getConsumerNames("KV_" + name).getFirst());
    IntStream.range(0, 60).forEach(poll -> late.poll());
    assertThat(there.loads()).isEqualTo(1);
    assertThat(late.failure()).isEmpty();
    session.connection().closeDispatcher(spy);
  }

  private void makeBucketForOneWatch() throws Exception {
    StreamConfiguration bucket = KeyValueConfiguration.builder(name).build().getBackingConfig();
    session
        .connection()
        .jetStreamManagement()
        .addStream(StreamConfiguration.builder(bucket).maxConsumers(1).build());
  }

  /** What was sent before this reaches the dispatcher before it. */
  private void awaitAllSeen(Dispatcher spy) {
    CompletableFuture<Void> seen = new CompletableFuture<>();
    Subscription end = spy.subscribe("end." + name, message -> seen.complete(null));
    session.connection().publish("end." + name, new byte[0]);
    seen.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    spy.unsubscribe(end);
  }

  private SharedFlagStore opened(SeenFlags seen) {
    SharedFlagStore bucket = new SharedFlagStore(new Bucket(name, true));
    bucket.addListener(seen);
    bucket.opened(session);
    return bucket;
  }

  private static void change(SharedFlagStore bucket, String by) {
    IntStream.range(0, 50)
        .forEach(
            i -> {
              try {
                bucket.put("A", by + i);
              } catch (FlagStoreException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private static void follows(SeenFlags seen, Map<String, String> texts) {
    Awaitility.await()
        .atMost(FOLLOWS)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> seen.texts().equals(texts));
  }

  private void assertRefused(SharedFlagStore bucket, String reason) {
    int received = here.loads() + here.changes();
    assertThatThrownBy(() -> bucket.put("A", "refused"))
        .isInstanceOf(FlagStoreException.class)
        .hasMessageContaining(reason);
    assertThat(here.loads() + here.changes()).isEqualTo(received);
  }

  private static KeyValueManagement management() throws Exception {
    return session.connection().keyValueManagement();
  }

  private static NatsSession awaitSession(WorkerSlice worker) {
    Awaitility.await().atMost(SOON).until(() -> worker.session() != null && open(worker));
    return requireNonNull(worker.session());
  }

  private static boolean open(WorkerSlice worker) {
    return requireNonNull(worker.session()).isOpen();
  }
}
