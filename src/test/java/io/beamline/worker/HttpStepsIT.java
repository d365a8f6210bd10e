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
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** HTTP steps of the built jar as CP1 has them, against a server that misbehaves. */
class HttpStepsIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private static NatsServer nats;
  private static WorkerProcess worker;
  private static RouterStandIn router;

  private final List<Long> arrivals = new CopyOnWriteArrayList<>();
  private MisbehavingHttpServer server;

  @BeforeAll
  static void startWorker() {
    nats = NatsServer.start("max_payload: 65536");
    worker = WorkerProcess.of(nats.url()).env("WORKER_DLQ_FAILED_STEPS", "true").start();
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
  void sendsARequestAndAnswersWithTheResponse() {
    server.always(Misbehaviour.answer(200, "hello", "X-Kind: test"));

    Answer answer =
        answerTo(
            Assignments.http(server.url("/one"))
                .input("method", "POST")
                .input("headers", Map.of("accept", "text/plain"))
                .input("body", Map.of("a", 1)));

    JsonNode result = answer.resultJson().path("result");
    assertThat(result.path("status_code").intValue()).isEqualTo(200);
    assertThat(result.path("body").stringValue("")).isEqualTo("hello");
    assertThat(result.path("body_encoding").stringValue("")).isEqualTo("utf-8");
    assertThat(server.requests()).hasSize(1);
    assertThat(server.requests().getFirst().body()).isEqualTo("{\"a\":1}");
    assertThat(server.requests().getFirst().header("Idempotency-Key")).isNull();
  }

  @Test
  void retriesAMissingPageAsCp1DidWithItsWaits() {
    server.always(timed(Misbehaviour.answer(404, "no")));

    Answer answer = answerTo(Assignments.http(server.url("/missing")));

    assertThat(answer.errorCode()).isEqualTo("HTTP_ERROR");
    assertThat(answer.resultJson().path("error_type").stringValue("")).isEqualTo("client_error");
    assertThat(answer.resultJson().path("retries_used").intValue()).isEqualTo(3);
    assertThat(server.requests()).hasSize(4);
    assertThat(wait(1)).isBetween(100L, 199L);
    assertThat(wait(2)).isBetween(200L, 299L);
    assertThat(wait(3)).isBetween(300L, 399L);
  }

  @Test
  void recoversWhenTheServerDoes() {
    server.then(Misbehaviour.answer(503, ""), Misbehaviour.answer(500, ""));
    server.always(Misbehaviour.answer(200, "at last"));

    Answer answer = answerTo(Assignments.http(server.url("/")).maxAttempts(3));

    assertThat(answer.status()).isEqualTo("success");
    assertThat(answer.resultJson().path("retries_used").intValue()).isEqualTo(2);
  }

  @Test
  void cutsEachAttemptAtTheDeadline() {
    server.always(timed(Misbehaviour.stallBeforeHeaders()));

    Answer answer = answerTo(Assignments.http(server.url("/")).deadlineMs(300).maxAttempts(2));

    assertThat(answer.status()).isEqualTo("timeout");
    assertThat(answer.errorCode()).isEqualTo("CONNECTION_TIMEOUT");
    assertThat(answer.resultJson().path("latency_ms").longValue()).isBetween(300L, 800L);
    assertThat(wait(1)).isBetween(400L, 900L);
  }

  @Test
  void saysThatAResultIsTooLargeForTheServer() {
    server.always(Misbehaviour.answer(200, "x".repeat(100_000)));

    Answer answer = answerTo(Assignments.http(server.url("/")).maxAttempts(1));

    assertThat(answer.status()).isEqualTo("error");
    assertThat(answer.errorCode()).isEqualTo("QUOTA_EXCEEDED");
  }

  @Test
  void putsFailedStepsAsideWhenAskedTo() {
    server.always(Misbehaviour.answer(500, ""));

    Answer answer = answerTo(Assignments.http(server.url("/dead")).maxAttempts(1));

    String id = answer.result().orElseThrow().text("assignment_id");
    Awaitility.await()
        .atMost(SOON)
        .until(
            () ->
                router.deadLetters().stream()
                    .anyMatch(
                        letter ->
                            letter.text("assignment_id").equals(id)
                                && letter.text("reason").equals("failed")));
  }

  @Test
  void refusesItsOwnPortsAndItsNats() {
    for (String url :
        List.of(
            worker.managementUri("/actuator/info").toString(),
            worker.uri("/_health").toString(),
            "http://localhost:" + nats.port() + "/",
            "http://169.254.169.254/latest/meta-data")) {
      Answer answer = answerTo(Assignments.http(url).maxAttempts(1));
      assertThat(answer.errorCode()).as(url).isEqualTo("PERMISSION_DENIED");
    }
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
