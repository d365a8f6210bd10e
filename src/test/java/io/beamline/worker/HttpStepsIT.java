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
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** HTTP steps of the built jar as CP1 has them, against a server that misbehaves. */
class HttpStepsIT {

  private static Rig rig;

  private final Visits visits = new Visits();

  @BeforeAll
  static void start() {
    rig = Rig.start(worker -> worker.env("WORKER_DLQ_FAILED_STEPS", "true"), "max_payload: 65536");
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
  void sendsARequestAndAnswersWithTheResponse() {
    rig.server().always(Misbehaviour.answer(200, "hello", "X-Kind: test"));

    Answer answer =
        rig.answerTo(
            rig.get("/one")
                .input("method", "POST")
                .input("headers", Map.of("accept", "text/plain"))
                .input("body", Map.of("a", 1)));

    JsonNode result = answer.resultJson().path("result");
    assertThat(result.path("status_code").intValue()).isEqualTo(200);
    assertThat(result.path("body").stringValue("")).isEqualTo("hello");
    assertThat(result.path("body_encoding").stringValue("")).isEqualTo("utf-8");
    assertThat(rig.server().requests()).hasSize(1);
    assertThat(rig.server().requests().getFirst().body()).isEqualTo("{\"a\":1}");
    assertThat(rig.server().requests().getFirst().header("Idempotency-Key")).isNull();
  }

  @Test
  void retriesAMissingPageAsCp1DidWithItsWaits() {
    rig.server().always(visits.of(Misbehaviour.answer(404, "no")));
    try (MachineStalls stalls = MachineStalls.watch()) {

      Answer answer = rig.answerTo(rig.get("/missing"));

      assertThat(answer.errorCode()).isEqualTo("HTTP_ERROR");
      assertThat(answer.resultJson().path("error_type").stringValue("")).isEqualTo("client_error");
      assertThat(answer.resultJson().path("retries_used").intValue()).isEqualTo(3);
      assertThat(rig.server().requests()).hasSize(4);
      visits.assertWaits(stalls, 100, 200, 300);
    }
  }

  @Test
  void recoversWhenTheServerDoes() {
    rig.server().then(Misbehaviour.answer(503, ""), Misbehaviour.answer(500, ""));
    rig.server().always(Misbehaviour.answer(200, "at last"));

    Answer answer = rig.answerTo(rig.get("/").maxAttempts(3));

    assertThat(answer.status()).isEqualTo("success");
    assertThat(answer.resultJson().path("retries_used").intValue()).isEqualTo(2);
  }

  @Test
  void cutsEachAttemptAtTheDeadline() {
    rig.server().always(visits.of(Misbehaviour.stallBeforeHeaders()));
    try (MachineStalls stalls = MachineStalls.watch()) {

      Answer answer = rig.answerTo(rig.get("/").deadlineMs(300).maxAttempts(2));

      assertThat(answer.status()).isEqualTo("timeout");
      assertThat(answer.errorCode()).isEqualTo("CONNECTION_TIMEOUT");
      assertThat(answer.resultJson().path("latency_ms").longValue())
          .isBetween(300L, 330 + stalls.longestMs());
      visits.assertWaits(stalls, 100);
    }
  }

  @Test
  void saysThatAResultIsTooLargeForTheServer() {
    rig.server().always(Misbehaviour.answer(200, "x".repeat(100_000)));

    Answer answer = rig.answerTo(rig.get("/").maxAttempts(1));

    assertThat(answer.status()).isEqualTo("error");
    assertThat(answer.errorCode()).isEqualTo("QUOTA_EXCEEDED");
  }

  @Test
  void putsFailedStepsAsideWhenAskedTo() {
    rig.server().always(Misbehaviour.answer(500, ""));

    Answer answer = rig.answerTo(rig.get("/dead").maxAttempts(1));

    String id = answer.result().orElseThrow().text("assignment_id");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                rig.router().deadLetters().stream()
                    .anyMatch(
                        letter ->
                            letter.text("assignment_id").equals(id)
                                && letter.text("reason").equals("failed")));
  }

  @Test
  void refusesItsOwnPortsAndItsNats() {
    for (String url :
        List.of(
            rig.worker().managementUri("/actuator/info").toString(),
            rig.worker().uri("/_health").toString(),
            "http://localhost:" + rig.nats().port() + "/",
            "http://169.254.169.254/latest/meta-data")) {
      Answer answer = rig.answerTo(Assignments.http(url).maxAttempts(1));
      assertThat(answer.errorCode()).as(url).isEqualTo("PERMISSION_DENIED");
    }
  }
}
