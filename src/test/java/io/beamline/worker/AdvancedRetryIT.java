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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Advanced retry alone, on the built jar (W3-1). */
class AdvancedRetryIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private static NatsServer nats;
  private static WorkerProcess worker;
  private static RouterStandIn router;

  private final List<Long> arrivals = new CopyOnWriteArrayList<>();
  private MisbehavingHttpServer server;

  @BeforeAll
  static void startWorker() {
    nats = NatsServer.start();
    worker =
        WorkerProcess.of(nats.url())
            .env("CP2_ADVANCED_RETRY_ENABLED", "Yes")
            .env("WORKER_RETRY_MAX_WAITING", "20")
            .start();
    router = RouterStandIn.connect(nats.url());
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
  }

  @AfterEach
  void stopServer() throws IOException {
    server.close();
  }

  @Test
  void waitsLongerAndLonger() {
    server.always(timed(Misbehaviour.answer(503, "")));

    JsonNode result = answerTo(Assignments.http(server.url("/"))).resultJson();

    assertThat(result.path("error_code").stringValue("")).isEqualTo("HTTP_ERROR");
    assertThat(result.path("error").path("retryable").booleanValue()).isTrue();
    assertThat(wait(1)).isBetween(100L, 199L);
    assertThat(wait(2)).isBetween(200L, 399L);
    assertThat(wait(3)).isBetween(400L, 799L);
    assertThat(result.path("elapsed_ms").longValue()).isBetween(700L, 2_500L);
    assertThat(result.path("attempts")).hasSize(4);
    JsonNode first = result.path("attempts").path(0);
    assertThat(first.path("attempt").intValue()).isEqualTo(1);
    assertThat(first.path("http_status").intValue()).isEqualTo(503);
    assertThat(first.path("backoff_ms").longValue()).isEqualTo(100);
    assertThat(result.path("attempts").path(3).path("backoff_ms").longValue()).isZero();
  }

  @Test
  void takesTheBaseFromTheAssignmentAndSendsAnIdempotencyKey() {
    server.then(timed(Misbehaviour.answer(500, "")));
    server.always(timed(Misbehaviour.answer(200, "ok")));
    Assignments assignment = Assignments.http(server.url("/")).backoffMs(700);

    Answer answer = answerTo(assignment);

    assertThat(answer.status()).isEqualTo("success");
    assertThat(wait(1)).isBetween(700L, 1_399L);
    assertThat(server.requests())
        .allSatisfy(
            request -> assertThat(request.header("Idempotency-Key")).isEqualTo(assignment.id()));
    assertThat(worker.metric("worker_retry_outcomes_total", "outcome=\"recovered\"")).isPositive();
  }

  @Test
  void triesOnceWhatCannotSucceed() {
    server.always(Misbehaviour.answer(404, ""));

    Answer answer = answerTo(Assignments.http(server.url("/")));

    assertThat(answer.errorCode()).isEqualTo("HTTP_ERROR");
    assertThat(answer.resultJson().path("retries_used").intValue()).isZero();
    assertThat(server.requests()).hasSize(1);
    assertThat(answerTo(Assignments.get("missing")).resultJson().path("retries_used").intValue())
        .isZero();
  }

  @Test
  void honoursALongerPauseThatTheServerAsksFor() {
    server.then(timed(Misbehaviour.answer(429, "", "Retry-After: 1")));
    server.always(timed(Misbehaviour.answer(200, "ok")));

    assertThat(answerTo(Assignments.http(server.url("/"))).status()).isEqualTo("success");
    assertThat(wait(1)).isBetween(1_000L, 1_900L);
  }

  @Test
  void endsAtOnceWhenTheBudgetLeavesNoTime() {
    server.always(Misbehaviour.answer(503, "", "Retry-After: 20"));

    JsonNode result = answerTo(Assignments.http(server.url("/")).deadlineMs(5_000)).resultJson();

    assertThat(result.path("elapsed_ms").longValue()).isLessThan(2_500);
    assertThat(result.path("status").stringValue("")).isEqualTo("timeout");
    assertThat(result.path("error_code").stringValue("")).isEqualTo("CANCELLED_BY_TIMEOUT");
    assertThat(result.path("error_message").stringValue(""))
        .contains("5000 ms")
        .contains("1 attempts")
        .contains("HTTP_ERROR");
  }

  @Test
  void usesAsMuchOfTheBudgetAsFits() {
    server.always(Misbehaviour.answer(503, ""));

    JsonNode result =
        answerTo(Assignments.http(server.url("/")).deadlineMs(1_000).maxAttempts(20)).resultJson();

    assertThat(result.path("error_code").stringValue("")).isEqualTo("CANCELLED_BY_TIMEOUT");
    assertThat(result.path("attempts")).hasSize(4);
    assertThat(result.path("elapsed_ms").longValue()).isBetween(700L, 1_050L);
    assertThat(worker.metric("worker_retry_budget_exhausted_total")).isPositive();
  }

  @Test
  void endsWithTheRealErrorWhenNoMoreStepsMayWait() {
    server.always(Misbehaviour.answer(503, ""));
    List<String> ids =
        router.assignAll(
            Stream.generate(() -> Assignments.http(server.url("/")).backoffMs(2_000).maxAttempts(2))
                .limit(40)
                .toList());

    router.awaitAll(ids, SOON);

    long endedEarly =
        ids.stream()
            .filter(id -> router.answer(id).resultJson().path("retries_used").intValue() == 0)
            .count();
    assertThat(endedEarly).isEqualTo(20);
    assertThat(ids)
        .allSatisfy(id -> assertThat(router.answer(id).errorCode()).isEqualTo("HTTP_ERROR"));
    Awaitility.await().atMost(SOON).until(() -> worker.metric("worker_retries_waiting") == 0);
  }

  private Answer answerTo(Assignments assignment) {
    return router.awaitResult(router.assign(assignment), SOON);
  }

  private Misbehaviour timed(Misbehaviour behaviour) {
    return (request, socket) -> {
      arrivals.add(System.nanoTime());
      return behaviour.act(request, socket);
    };
  }

  /** The time between one attempt and the next, in ms. */
  private long wait(int retry) {
    return (arrivals.get(retry) - arrivals.get(retry - 1)) / 1_000_000;
  }
}
