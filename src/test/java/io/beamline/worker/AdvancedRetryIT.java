package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.MachineStalls;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.Rig;
import io.beamline.worker.support.Visits;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Advanced retry alone, on the built jar (W3-1). */
@Tag("alone")
class AdvancedRetryIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  private static Rig rig;

  private final Visits visits = new Visits();

  @BeforeAll
  static void start() {
    rig =
        Rig.start(
            worker ->
                worker
                    .env("CP2_ADVANCED_RETRY_ENABLED", "Yes")
                    .env("WORKER_RETRY_MAX_WAITING", "20"));
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @BeforeEach
  void startServer() {
    rig.freshServer();
  }

  @Test
  void waitsLongerAndLonger() {
    rig.server().always(visits.of(Misbehaviour.answer(503, "")));
    try (MachineStalls stalls = MachineStalls.watch()) {

      JsonNode result = rig.answerTo(rig.get("/").maxAttempts(5)).resultJson();

      assertThat(result.path("error_code").stringValue("")).isEqualTo("HTTP_ERROR");
      assertThat(result.path("error").path("retryable").booleanValue()).isTrue();
      visits.assertWaits(stalls, 100, 200, 400, 800);
      assertThat(result.path("elapsed_ms").longValue()).isGreaterThanOrEqualTo(1_500);
      assertThat(result.path("attempts")).hasSize(5);
      assertThat(result.path("attempts"))
          .extracting(attempt -> attempt.path("backoff_ms").longValue())
          .containsExactly(100L, 200L, 400L, 800L, 0L);
      JsonNode first = result.path("attempts").path(0);
      assertThat(first.path("attempt").intValue()).isEqualTo(1);
      assertThat(first.path("http_status").intValue()).isEqualTo(503);
    }
  }

  @Test
  void takesTheBaseFromTheAssignmentAndSendsAnIdempotencyKey() {
    rig.server().then(visits.of(Misbehaviour.answer(500, "")));
    rig.server().always(visits.of(Misbehaviour.answer(200, "ok")));
    Assignments assignment = rig.get("/").backoffMs(700);
    try (MachineStalls stalls = MachineStalls.watch()) {

      Answer answer = rig.answerTo(assignment);

      assertThat(answer.status()).isEqualTo("success");
      visits.assertWaits(stalls, 700);
    }
    assertThat(rig.server().requests())
        .allSatisfy(
            request -> assertThat(request.header("Idempotency-Key")).isEqualTo(assignment.id()));
    assertThat(rig.worker().metric("worker_retry_outcomes_total", "outcome=\"recovered\""))
        .isPositive();
  }

  @Test
  void triesOnceWhatCannotSucceed() {
    rig.server().always(Misbehaviour.answer(404, ""));

    Answer answer = rig.answerTo(rig.get("/"));

    assertThat(answer.errorCode()).isEqualTo("HTTP_ERROR");
    assertThat(answer.resultJson().path("retries_used").intValue()).isZero();
    assertThat(rig.server().requests()).hasSize(1);
    assertThat(
            rig.answerTo(Assignments.get("missing")).resultJson().path("retries_used").intValue())
        .isZero();
  }

  @Test
  void honoursALongerPauseThatTheServerAsksFor() {
    rig.server().then(visits.of(Misbehaviour.answer(429, "", "Retry-After: 1")));
    rig.server().always(visits.of(Misbehaviour.answer(200, "ok")));
    try (MachineStalls stalls = MachineStalls.watch()) {

      assertThat(rig.answerTo(rig.get("/")).status()).isEqualTo("success");
      visits.assertWaits(stalls, 1_000);
    }
  }

  @Test
  void endsAtOnceWhenTheBudgetLeavesNoTime() {
    rig.server().always(Misbehaviour.answer(503, "", "Retry-After: 20"));
    try (MachineStalls stalls = MachineStalls.watch()) {

      JsonNode result = rig.answerTo(rig.get("/").deadlineMs(5_000)).resultJson();

      assertThat(result.path("elapsed_ms").longValue()).isBetween(0L, 500 + stalls.longestMs());
      assertStoppedByTheBudget(result, "server_error");
      assertThat(result.at("/attempts/0/backoff_ms").longValue(-1)).isZero();
    }
  }

  /** A breaker that counts timeouts against the provider must not see one. */
  @Test
  void aPauseLongerThanTheBudgetLeavesTheProvidersAnswerAsItWas() {
    rig.server().always(Misbehaviour.answer(429, "", "Retry-After: 10"));

    JsonNode result = rig.answerTo(rig.get("/").maxAttempts(2).deadlineMs(5_000)).resultJson();

    assertStoppedByTheBudget(result, "client_error");
    assertThat(result.at("/error/details/status_code").intValue()).isEqualTo(429);
    assertThat(result.path("retries_used").intValue(-1)).isZero();
    assertThat(rig.server().requests()).hasSize(1);
  }

  @Test
  void logsWhenARetryStarts() {
    rig.server().then(Misbehaviour.answer(503, ""));
    rig.server().always(Misbehaviour.answer(200, "ok"));
    Assignments step = rig.get("/").backoffMs(50);

    assertThat(rig.answerTo(step).status()).isEqualTo("success");

    rig.worker().awaitLog("\"Retry attempt started\"", SOON);
  }

  @ParameterizedTest
  @ValueSource(longs = {30, 50, 100, 250, 600, 1_000})
  void endsBetweenTheLastAttemptThatFitsAndTheBudget(long baseMs) {
    rig.server().always(Misbehaviour.answer(503, ""));
    try (MachineStalls stalls = MachineStalls.watch()) {

      Assignments step = rig.get("/").deadlineMs(1_000).maxAttempts(20).backoffMs(baseMs);
      JsonNode result = rig.answerTo(step).resultJson();

      assertStoppedByTheBudget(result, "server_error");
      long elapsed = result.path("elapsed_ms").longValue(-1);
      long waited = 0;
      long next = baseMs;
      for (int retry = 1; retry < result.path("attempts").size(); retry++) {
        waited += next;
        next *= 2;
      }
      assertThat(elapsed).isBetween(waited, 1_050 + stalls.longestMs());
      assertThat(elapsed + next).as("no wait that fits is given up").isGreaterThanOrEqualTo(1_000);
    }
    assertThat(rig.worker().metric("worker_retry_budget_exhausted_total")).isPositive();
  }

  @Test
  void endsWithTheRealErrorWhenNoMoreStepsMayWait() {
    rig.server().always(Misbehaviour.answer(503, ""));
    List<String> ids =
        rig.router()
            .assignAll(
                Stream.generate(() -> rig.get("/").backoffMs(2_000).maxAttempts(2))
                    .limit(40)
                    .toList());

    rig.router().awaitAll(ids, SOON);

    long endedEarly =
        ids.stream()
            .filter(id -> rig.router().answer(id).resultJson().path("retries_used").intValue() == 0)
            .count();
    assertThat(endedEarly).isEqualTo(20);
    assertThat(ids)
        .allSatisfy(id -> assertThat(rig.router().answer(id).errorCode()).isEqualTo("HTTP_ERROR"));
    assertThat(ids)
        .as("a wait that was refused has not followed")
        .filteredOn(id -> rig.router().answer(id).resultJson().path("attempts").size() == 1)
        .hasSize(20)
        .allSatisfy(
            id ->
                assertThat(
                        rig.router()
                            .answer(id)
                            .resultJson()
                            .at("/attempts/0/backoff_ms")
                            .longValue(-1))
                    .isZero());
    Awaitility.await().atMost(SOON).until(() -> rig.worker().metric("worker_retries_waiting") == 0);
  }

  private static void assertStoppedByTheBudget(JsonNode result, String errorType) {
    assertThat(result.path("status").stringValue("")).isEqualTo("error");
    assertThat(result.path("error_code").stringValue("")).isEqualTo("HTTP_ERROR");
    assertThat(result.path("error_type").stringValue("")).isEqualTo(errorType);
    assertThat(result.at("/error/details/stopped_by").stringValue("")).isEqualTo("retry_budget");
  }
}
