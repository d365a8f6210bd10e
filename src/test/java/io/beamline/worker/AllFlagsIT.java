package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.MachineStalls;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Every flag at once (contract section 5), on a worker with one slot for HTTP and two places to
 * wait for it, which drops the oldest for a newcomer.
 */
class AllFlagsIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String IO = "resource_pool=\"io\"";

  private static NatsServer nats;
  private static WorkerProcess worker;
  private static RouterStandIn router;

  /** Completed when the slot's holder may have its answer. */
  private final CompletableFuture<Void> released = new CompletableFuture<>();

  private MisbehavingHttpServer server;

  @BeforeAll
  static void startWorker() throws IOException {
    nats = NatsServer.start();
    worker =
        WorkerProcess.of(nats.url())
            .allFlags(true)
            .env("WORKER_POOLS_IO_CONCURRENCY", "1")
            .env("WORKER_POOLS_IO_MAX_QUEUE_SIZE", "2")
            .env("WORKER_QUEUE_REJECTION_POLICY", "drop_oldest")
            .start();
    router = RouterStandIn.connect(nats.url());
    // The first steps of a fresh JVM are slow in themselves.
    try (MisbehavingHttpServer any = MisbehavingHttpServer.start()) {
      any.then(Misbehaviour.answer(503, ""));
      router.awaitResult(router.assign(Assignments.http(any.url("/"))), SOON);
    }
  }

  @AfterAll
  static void stopWorker() {
    router.assertClean();
    router.close();
    worker.close();
    nats.close();
  }

  @BeforeEach
  void startServer() {
    server = MisbehavingHttpServer.start();
    server.always(
        (request, socket) -> {
          if (request.target().equals("/held")) {
            released.join();
          }
          return Misbehaviour.answer(request.target().equals("/failing") ? 503 : 200, "")
              .act(request, socket);
        });
  }

  @AfterEach
  void stopServer() throws IOException {
    released.complete(null);
    server.close();
  }

  @Test
  void saysAllThatEachFlagAdds() {
    server.then(Misbehaviour.answer(503, ""));

    Answer answer = router.awaitResult(router.assign(asking("/fine")), SOON);

    JsonNode result = answer.resultJson();
    assertThat(result.path("status").stringValue("")).isEqualTo("success");
    assertThat(result.path("attempts")).hasSize(2);
    assertThat(result.at("/attempts/0/http_status").intValue()).isEqualTo(503);
    assertThat(result.at("/attempts/1/status").stringValue("")).isEqualTo("success");
    assertThat(result.path("elapsed_ms").longValue()).isGreaterThanOrEqualTo(100);
    assertThat(result.path("queue_depth").intValue(-1)).isZero();
    assertThat(result.path("overload_status").stringValue("")).isEqualTo("healthy");
    WireMessage ack = answer.ack().orElseThrow();
    assertThat(ack.json().path("queue_depth").intValue(-1)).isZero();
    assertThat(ack.text("overload_status")).isEqualTo("healthy");
    assertThat(ack.header("cp_phase")).hasValue("cp2");
    assertThat(answer.result().orElseThrow().header("cp_phase")).hasValue("cp2");
  }

  /**
   * The holder is cut after 700 ms; from its first attempt the step would have time for a third.
   */
  @Test
  void takesTheDeadlineFromTheArrivalAsItsBudget() {
    try (MachineStalls stalls = MachineStalls.watch()) {
      Assignments held = asking("/held").deadlineMs(700).maxAttempts(1);
      Assignments failing = asking("/failing").deadlineMs(1_500).backoffMs(400).maxAttempts(20);
      List<String> ids = router.assignAll(List.of(held, failing));
      String holder = ids.getFirst();
      String id = ids.getLast();

      JsonNode result = router.awaitResult(id, SOON).resultJson();

      assertThat(result.path("status").stringValue("")).isEqualTo("error");
      assertThat(result.path("error_code").stringValue("")).isEqualTo("HTTP_ERROR");
      assertThat(result.at("/error/details/stopped_by").stringValue("")).isEqualTo("retry_budget");
      assertThat(result.path("attempts").size()).isBetween(1, 2);
      assertThat(result.path("elapsed_ms").longValue())
          .isBetween(600L, 1_500 + 100 + stalls.longestMs());
      assertThat(router.answer(holder).status()).isEqualTo("timeout");
    }
  }

  @Test
  void dropsTheStepThatHasWaitedLongest() {
    String holder = holdTheSlot();
    List<String> ids = Stream.of(1, 2, 3).map(i -> router.assign(asking("/fine"))).toList();

    JsonNode dropped = router.awaitResult(ids.getFirst(), SOON).resultJson();

    assertThat(dropped.path("error_code").stringValue("")).isEqualTo("SYSTEM_OVERLOAD");
    assertThat(dropped.has("attempts")).isTrue();
    assertThat(dropped.path("attempts")).isEmpty();
    assertThat(dropped.path("elapsed_ms").isNumber()).isTrue();
    assertThat(dropped.path("queue_depth").intValue()).isEqualTo(1);
    assertThat(dropped.path("overload_status").stringValue("")).isEqualTo("critical");
    assertSucceedOnceReleased(holder, ids.get(1), ids.get(2));
  }

  /** The place that it leaves is free: the next newcomer makes nobody go. */
  @Test
  void endsAStepOnRequestThatWaitsInAFullQueue() {
    String holder = holdTheSlot();
    List<String> ids = Stream.of(1, 2).map(i -> router.assign(asking("/fine"))).toList();
    await().until(() -> depth() == 2);

    router.cancel("tenant-a", "assignment_id", ids.getFirst());

    JsonNode cancelled = router.awaitResult(ids.getFirst(), SOON).resultJson();
    assertThat(cancelled.path("error_code").stringValue("")).isEqualTo("CANCELLED_BY_USER");
    assertThat(cancelled.at("/error/details/stage").stringValue("")).isEqualTo("queued");
    assertThat(cancelled.path("attempts").isArray()).isTrue();
    assertThat(cancelled.path("attempts")).isEmpty();
    assertThat(cancelled.path("elapsed_ms").isNumber()).isTrue();
    assertThat(cancelled.path("queue_depth").intValue(-1)).isEqualTo(1);
    assertThat(cancelled.path("overload_status").stringValue("")).isEqualTo("degraded");
    await().until(() -> depth() == 1);
    String newcomer = router.assign(asking("/fine"));
    await().until(() -> depth() == 2);
    assertSucceedOnceReleased(holder, ids.getLast(), newcomer);
  }

  @Test
  void letsAStepBackFromItsWaitIntoAFullQueue() {
    double rejections = worker.metric("worker_queue_rejections_total");
    server.then(Misbehaviour.answer(503, ""));
    String id = waitForARetry(asking("/fine").backoffMs(3_000));
    String holder = holdTheSlot();
    List<String> ids = Stream.of(1, 2).map(i -> router.assign(asking("/fine"))).toList();

    await().until(() -> depth() == 3);

    assertSucceedOnceReleased(holder, ids.get(0), ids.get(1), id);
    assertThat(router.answer(id).acks()).isEqualTo(1);
    assertThat(router.answer(id).resultJson().path("attempts")).hasSize(2);
    assertThat(worker.metric("worker_queue_rejections_total")).isEqualTo(rejections);
  }

  @Test
  void endsAStepAtItsDeadlineThatCameBackFromItsWait() {
    try (MachineStalls stalls = MachineStalls.watch()) {
      String id = waitForARetry(asking("/failing").backoffMs(1_500).deadlineMs(4_000));
      String holder = holdTheSlot();
      List<String> ids = Stream.of(1, 2).map(i -> router.assign(asking("/fine"))).toList();
      await().until(() -> depth() == 3);

      JsonNode result = router.awaitResult(id, SOON).resultJson();

      assertThat(result.path("status").stringValue("")).isEqualTo("error");
      assertThat(result.path("error_code").stringValue("")).isEqualTo("HTTP_ERROR");
      assertThat(result.at("/error/details/stopped_by").stringValue("")).isEqualTo("deadline");
      assertThat(result.path("attempts")).hasSize(1);
      assertThat(result.at("/attempts/0/backoff_ms").longValue()).isEqualTo(1_500);
      assertThat(result.path("retries_used").intValue()).isZero();
      assertThat(result.path("elapsed_ms").longValue())
          .isBetween(4_000L, 4_000 + 100 + stalls.longestMs());
      assertThat(depth()).isEqualTo(2);
      assertSucceedOnceReleased(holder, ids.get(0), ids.get(1));
    }
  }

  private String holdTheSlot() {
    String holder = router.assign(asking("/held"));
    await().until(() -> server.requests().stream().anyMatch(r -> r.target().equals("/held")));
    return holder;
  }

  private String waitForARetry(Assignments assignment) {
    String id = router.assign(assignment);
    await().until(() -> worker.metric("worker_retries_waiting") == 1);
    return id;
  }

  private void assertSucceedOnceReleased(String... ids) {
    released.complete(null);
    router.awaitAll(List.of(ids), SOON);
    assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
  }

  private Assignments asking(String page) {
    return Assignments.http(server.url(page));
  }

  private static double depth() {
    return worker.metric("worker_queue_depth", IO);
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(SOON).pollInterval(Duration.ofMillis(100));
  }
}
