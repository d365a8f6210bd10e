package io.beamline.worker.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.beamline.worker.config.WorkerProperties;
import io.beamline.worker.connection.ConnectionFixture;
import io.beamline.worker.support.NatsPermissions;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.timeout.TimeSource;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.spring.boot.autoconfigure.NatsProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Requests for dead letters: one at a time, each within its time. */
class LetterRequestsTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  private static NatsServer nats;
  private static Connection connection;

  @BeforeAll
  static void start() throws Exception {
    nats = NatsServer.start();
    connection = nats.connect();
    ConnectionFixture.prepared(connection);
  }

  @AfterAll
  static void stop() throws Exception {
    connection.close();
    nats.close();
  }

  @Test
  void areServedOneAtATime() throws Exception {
    LetterRequests requests = requests(nats.url(), SHORT, LONG);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    CompletableFuture<String> first =
        CompletableFuture.supplyAsync(
            () ->
                run(
                    requests,
                    letters -> {
                      begun.countDown();
                      await(end);
                      return "first";
                    }));
    await(begun);
    LetterRequestException busy = failure(requests, letters -> "second");
    assertThat(busy.status().value()).isEqualTo(409);
    assertThat(busy.sentence()).contains("another request for dead letters is under way");
    end.countDown();
    assertThat(first.join()).isEqualTo("first");
    Awaitility.await().until(() -> "third".equals(tried(requests)));
  }

  @Test
  void giveUpInTimeAndServeTheNext() {
    LetterRequests requests = requests(nats.url(), SHORT, Duration.ofSeconds(1));
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    LetterRequestException late =
        failure(
            requests,
            letters -> {
              try {
                never.await();
                return "never";
              } catch (InterruptedException e) {
                ended.countDown();
                return "too late";
              }
            });
    assertThat(late.status().value()).isEqualTo(503);
    assertThat(late.sentence()).contains("NATS did not answer within 1 s");
    await(ended);
    Awaitility.await().until(() -> "third".equals(tried(requests)));
  }

  @Test
  void endTheirConnections() throws Exception {
    LetterRequests requests = requests(nats.url(), LONG, LONG);
    for (int i = 0; i < 5; i++) {
      String done = run(requests, letters -> "done");
      assertThat(done).isEqualTo("done");
    }
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.equals("dead-letters") || name.startsWith("w-1-")));
  }

  @Test
  void sayThatNatsIsAwayWithoutItsPassword() {
    LetterRequests requests = requests("nats://user:hush@127.0.0.1:1", LONG, LONG);
    LetterRequestException away = failure(requests, letters -> "never");
    assertThat(away.status().value()).isEqualTo(503);
    assertThat(away.sentence())
        .contains("NATS at 127.0.0.1:1 cannot be used")
        .doesNotContain("hush");
  }

  @Test
  void sayThatThereIsNoStream() {
    LetterRequestException none =
        failure(
            requests(nats.url(), LONG, LONG, "worker.nats.subjects.dlq=other"), letters -> "never");
    assertThat(none.status().value()).isEqualTo(503);
    assertThat(none.sentence())
        .startsWith("no stream holds the subject other (worker.nats.subjects.dlq)");
    LetterRequestException core =
        failure(
            requests(
                nats.url(),
                LONG,
                LONG,
                "worker.nats.subjects.dlq=other",
                "worker.nats.delivery=core"),
            letters -> "never");
    assertThat(core.sentence())
        .startsWith("with worker.nats.delivery=core, dead letters are kept only if")
        .contains("no stream holds the subject other");
  }

  @Test
  void nameAPermissionThatTheWorkerLacks() throws Exception {
    String users =
        "authorization {users: [{user: worker, password: hush, permissions: {"
            + "publish: {deny: [\"$JS.API.CONSUMER.CREATE.>\"]}}}]}";
    try (NatsServer strict = new NatsPermissions(users).start();
        Connection admin = Nats.connect(NatsPermissions.url(strict, "router"))) {
      ConnectionFixture.prepared(admin);
      admin
          .jetStream()
          .publish("caf.exec.dlq.v1", Letters.failed(Letters.ORIGINAL).getBytes(UTF_8));
      LetterRequests requests = requests(NatsPermissions.url(strict, "worker"), LONG, LONG);
      LetterRequestException refused = failure(requests, letters -> letters.show(1, false));
      assertThat(refused.status().value()).isEqualTo(503);
      assertThat(refused.sentence())
          .contains("the NATS user of the worker may not publish to $JS.API.CONSUMER.CREATE.")
          .endsWith("so allow it to publish to $JS.API.CONSUMER.CREATE.CAF_EXEC_DLQ_V1.>");
    }
  }

  /** The permissions that operations.md tells to grant to a worker that serves such requests. */
  @Test
  void needNoMorePermissionsThanTheCommands() throws Exception {
    try (NatsServer strict = NatsPermissions.documented().start();
        Connection admin = Nats.connect(NatsPermissions.url(strict, "router"))) {
      ConnectionFixture.prepared(admin);
      byte[] letter = Letters.failed(Letters.ORIGINAL).getBytes(UTF_8);
      admin.jetStream().publish("caf.exec.dlq.v1", letter);
      admin.jetStream().publish("caf.exec.dlq.v1", letter);
      LetterRequests requests = requests(NatsPermissions.url(strict, "operator"), LONG, LONG);
      LetterQuery all = LetterQuery.of(Map.of(), 100, Instant.EPOCH);
      Map<String, Object> list = run(requests, letters -> letters.list(all));
      assertThat(list).containsEntry("count", 2);
      Map<String, Object> page = run(requests, letters -> letters.show(2, true));
      assertThat(page).containsEntry("replay", "open");
      Map<String, Object> replayed =
          run(requests, letters -> letters.replayAll(all, false, "admin"));
      assertThat(replayed).containsEntry("replayed", 2L);
    }
  }

  private static LetterRequests requests(
      String url, Duration turn, Duration answer, String... settings) {
    NatsProperties server = new NatsProperties();
    server.setServer(url);
    WorkerProperties worker =
        new Binder(new MapConfigurationPropertySource(Map.of("worker.id", "w-1")))
            .bindOrCreate("worker", WorkerProperties.class);
    return new LetterRequests(
        new LetterRequests.Settings(server, ConnectionFixture.settings(settings), worker, null),
        TimeSource.system(),
        new LetterRequests.Limits(turn, LONG, answer));
  }

  private static String tried(LetterRequests requests) {
    try {
      return requests.run(letters -> "third");
    } catch (LetterRequestException e) {
      return e.sentence();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T run(LetterRequests requests, LetterRequests.LetterTask<T> task) {
    try {
      return requests.run(task);
    } catch (LetterRequestException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> LetterRequestException failure(
      LetterRequests requests, LetterRequests.LetterTask<T> task) {
    return catchThrowableOfType(LetterRequestException.class, () -> requests.run(task));
  }

  private static void await(CountDownLatch latch) {
    Awaitility.await().atMost(LONG).until(() -> latch.getCount() == 0);
  }
}
