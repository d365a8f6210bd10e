package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Complete timeout alone, on the built jar (W3-2). */
class CompleteTimeoutIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final long LATE = 100;

  private static NatsServer nats;
  private static WorkerProcess worker;
  private static RouterStandIn router;
  private static MisbehavingHttpServer server;

  @BeforeAll
  static void start() {
    nats = NatsServer.start();
    worker =
        WorkerProcess.of(nats.url())
            .env("CP2_COMPLETE_TIMEOUT_ENABLED", "1")
            .env("WORKER_TIMEOUTS_HTTP_RESPONSE", "400ms")
            .env("WORKER_POOLS_CPU_CONCURRENCY", "1")
            .start();
    router = RouterStandIn.connect(nats.url());
    server = MisbehavingHttpServer.start();
    // The first steps of a fresh JVM are slow in themselves.
    router.awaitResult(router.assign(Assignments.sleep(1)), SOON);
    server.always(Misbehaviour.answer(200, "warm"));
    router.awaitResult(router.assign(Assignments.http(server.url("/"))), SOON);
  }

  @AfterAll
  static void stop() throws IOException {
    router.assertClean();
    router.close();
    worker.close();
    nats.close();
    server.close();
  }

  @Test
  void cutsAStepThatSleepsPastItsDeadline() {
    JsonNode result = timedOut(400, () -> Assignments.sleep(60_000));

    assertThat(result.path("error").path("details").path("timeout_type").stringValue(""))
        .isEqualTo("total");
  }

  @Test
  void endsAStepWhoseDeadlinePassesInTheQueue() {
    String blocking = router.assign(Assignments.sleep(3_000).deadlineMs(10_000));
    router.awaitAck(blocking, SOON);

    JsonNode result = timedOut(300, () -> Assignments.sleep(1));

    assertThat(result.path("latency_ms").longValue()).isZero();
    assertThat(result.path("error").path("details").path("timeout_type").stringValue(""))
        .isEqualTo("queue");
    assertThat(router.awaitResult(blocking, SOON).status()).isEqualTo("success");
  }

  @Test
  void cutsAResponseThatStallsAndAWaitThatIsTooLong() {
    server.always(Misbehaviour.stallBeforeHeaders());

    JsonNode result = timedOut(1_000, () -> Assignments.http(server.url("/")));

    assertThat(result.path("retries_used").intValue()).isPositive();
    assertThat(worker.metric("worker_timeout_events_total", "timeout_type=\"response\""))
        .isPositive();
    worker.awaitLog("\"Operation timeout\"", SOON);
  }

  @Test
  void cutsABodyThatDribbles() {
    server.always(Misbehaviour.dribble(20));

    JsonNode result = timedOut(Assignments.http(server.url("/")).deadlineMs(300).maxAttempts(1));

    assertThat(result.path("elapsed_ms").longValue()).isBetween(300L, 300 + LATE);
    Awaitility.await().atMost(SOON).until(() -> server.open() == 0);
  }

  @Test
  void keepsTheDeadlineOfManyAtOnce() {
    List<String> ids =
        router.assignAll(
            Stream.generate(() -> Assignments.sleep(60_000).deadlineMs(700)).limit(200).toList());

    router.awaitAll(ids, SOON);

    List<Long> elapsed =
        ids.stream()
            .map(id -> router.answer(id).resultJson().path("elapsed_ms").longValue())
            .sorted()
            .toList();
    assertThat(elapsed.getFirst()).isGreaterThanOrEqualTo(700);
    assertThat(elapsed.get(elapsed.size() / 2)).isLessThanOrEqualTo(700 + LATE);
    assertThat(worker.metric("worker_active_tasks")).isZero();
  }

  /**
   * The result of a step that its deadline ends: never early, and at its best not later than the
   * contract allows. The best of a few counts, because a busy machine can only add to it.
   */
  private static JsonNode timedOut(long deadlineMs, Supplier<Assignments> assignments) {
    JsonNode best = timedOut(assignments.get().deadlineMs(deadlineMs));
    for (int more = 2; more > 0 && elapsed(best) > deadlineMs + LATE; more--) {
      best = timedOut(assignments.get().deadlineMs(deadlineMs));
    }
    assertThat(elapsed(best)).isBetween(deadlineMs, deadlineMs + LATE);
    return best;
  }

  private static long elapsed(JsonNode result) {
    return result.path("elapsed_ms").longValue();
  }

  private static JsonNode timedOut(Assignments assignment) {
    Answer answer = router.awaitResult(router.assign(assignment), SOON);
    assertThat(answer.status()).isEqualTo("timeout");
    assertThat(answer.result().orElseThrow().header("cp_phase")).contains("cp2");
    return answer.resultJson();
  }
}
