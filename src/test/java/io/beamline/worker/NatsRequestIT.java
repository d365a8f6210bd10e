package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.NodeProvider;
import io.beamline.worker.support.Operator;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A provider in Node serves steps over NATS: well, late, with errors, and not at all. */
class NatsRequestIT {

  private static final String SUBJECTS = "beamline.provider.";
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static NatsServer nats;
  private static RouterStandIn router;
  private static NodeProvider provider;
  private static WorkerProcess worker;
  private static long served = 1;

  @BeforeAll
  static void start() {
    nats = NatsServer.start();
    router = RouterStandIn.connect(nats.url());
    provider = NodeProvider.start(nats, SUBJECTS + ">");
    worker =
        WorkerProcess.of(nats.url())
            .env("WORKER_ID", "one")
            .env("WORKER_BLOCKS_NATS_ALLOWED_SUBJECTS", SUBJECTS + ">")
            .env("WORKER_NATS_ACK_WAIT", "2s")
            .env("WORKER_DESTINATIONS_BREAKER_OPEN_FOR", "500ms")
            .env("WORKER_DESTINATIONS_RETRY_MINIMUM", "1000")
            .allFlags(true)
            .start();
  }

  @AfterAll
  static void close() {
    try (NatsServer server = nats;
        RouterStandIn routed = router;
        NodeProvider provided = provider;
        WorkerProcess worked = worker) {
      if (worked != null) {
        routed.assertClean();
        assertThat(worked.stderr()).isEmpty();
      }
    }
  }

  @Test
  void isServedWithTheWorkersHeaders() {
    Assignments step = request("chat", Map.of("prompt", "hello")).header("traceparent", PARENT);
    Answer answer = answerTo(step.input("headers", Map.of("Priority", "high")));

    assertThat(answer.status()).as(answer.toString()).isEqualTo("success");
    JsonNode result = answer.resultJson().path("result");
    assertThat(result.at("/body/text").stringValue("")).isEqualTo("you said hello");
    assertThat(result.at("/body/usage/cost").doubleValue()).isEqualTo(0.25);
    assertThat(result.path("body_encoding").stringValue("")).isEqualTo("json");
    assertThat(result.at("/headers/Model/0").stringValue("")).isEqualTo("small");
    JsonNode headers = result.at("/body/headers");
    assertThat(headers.path("Priority").stringValue("")).isEqualTo("high");
    assertThat(headers.path("Nats-Msg-Id").stringValue("")).isEqualTo(step.id() + ".1");
    assertThat(headers.path("tenant_id").stringValue("")).isEqualTo("tenant-a");
    assertThat(headers.path("traceparent").stringValue("")).isEqualTo(PARENT);
  }

  @Test
  void retriesWhatMayWorkLater() {
    Answer busy = answerTo(withError("busy", 503).backoffMs(1).maxAttempts(3));
    assertFailed(busy, "EXECUTION_FAILED", 2);
    assertThat(details(busy).path("service_error_code").intValue()).isEqualTo(503);
    assertThat(details(busy).path("service_error").stringValue("")).isEqualTo("error of 503");
    assertThat(busy.resultJson().path("error_type").stringValue("")).isEqualTo("execution_error");

    assertFailed(answerTo(withError("wrong", 400).maxAttempts(3)), "EXECUTION_FAILED", 0);
    assertFailed(
        answerTo(withError("many", 429).backoffMs(1).maxAttempts(2)), "EXECUTION_FAILED", 1);
  }

  @Test
  void failsWithoutAServiceAndOnSubjectsThatAreNotAllowed() {
    Answer denied = answerTo(Assignments.of("nats.request").input("subject", "caf.exec.dlq.v1"));
    assertFailed(denied, "PERMISSION_DENIED", 0);
    assertThat(details(denied).path("field").stringValue("")).isEqualTo("subject");
    Answer wrong = answerTo(Assignments.of("nats.request").input("subject", SUBJECTS + "*"));
    assertFailed(wrong, "INVALID_INPUT", 0);
  }

  @Test
  void endsAtItsTimeoutAndAtItsDeadline() {
    Answer late =
        answerTo(request("late", Map.of("late_ms", 700)).input("timeout_ms", 300).maxAttempts(1));
    assertThat(late.status()).isEqualTo("timeout");
    assertFailed(late, "CONNECTION_TIMEOUT", 0);
    assertThat(details(late).path("operation_type").stringValue("")).isEqualTo("nats_request");
    assertThat(details(late).path("timeout_ms").intValue()).isEqualTo(300);
    assertThat(details(late).path("elapsed_ms").intValue()).isBetween(300, 600);
    // The reply that comes now is for nobody.
    Answer next = answerTo(request("late", Map.of("prompt", "again", "late_ms", 600)));
    assertThat(next.resultJson().at("/result/body/text").stringValue(""))
        .isEqualTo("you said again");

    Answer cut = answerTo(request("late", Map.of("silent", true)).deadlineMs(400));
    assertFailed(cut, "CANCELLED_BY_TIMEOUT", 0);
    await(() -> worker.metric("worker_active_tasks") == 0);
    assertThat(
            worker.metric(
                "worker_timeout_events_total",
                "operation_type=\"nats_request\"",
                "timeout_type=\"response\""))
        .isEqualTo(1);
  }

  @Test
  void isCancelledWhileItWaits() {
    String id = router.assign(request("cancel", Map.of("silent", true)).deadlineMs(3_600_000));
    await(() -> worker.metric("worker_active_tasks") == 1);
    router.cancel("tenant-a", "assignment_id", id);
    Answer answer = router.awaitResult(id, SOON);
    assertThat(answer.status()).isEqualTo("cancelled");
    assertThat(details(answer).path("effect").stringValue("")).isEqualTo("unknown");
    await(() -> worker.metric("worker_active_tasks") == 0);
  }

  @Test
  void opensTheBreakerOfASubjectParksItsStepsAndRecovers() {
    String subject = SUBJECTS + "breaker";
    NodeProvider.answerUsually(
        router.connection(), subject, "{\"error\": {\"code\": 500, \"text\": \"down\"}}");
    List<String> ids =
        router.assignAll(
            Stream.generate(() -> request("breaker", Map.of()).deadlineMs(60_000).maxAttempts(10))
                .limit(10)
                .toList());
    await(() -> worker.metric("worker_parked_steps") == 10);
    JsonNode shown = destination("nats:" + subject);
    assertThat(shown.path("state").stringValue("")).isIn("open", "half_open");
    // Its trials may be under way by now.
    assertThat(shown.path("parked").intValue()).isBetween(7, 10);

    Operator operator = new Operator(worker);
    assertThat(force(operator, "nats:" + subject, "open")).isEqualTo(200);
    Answer refused = answerTo(request("breaker", Map.of()).deadlineMs(300));
    assertThat(refused.errorCode()).isEqualTo("RESOURCE_UNAVAILABLE");
    assertThat(refused.resultJson().path("error_type").stringValue(""))
        .isEqualTo("provider_unavailable");
    assertThat(details(refused).path("destination").stringValue("")).isEqualTo("nats:" + subject);
    assertThat(force(operator, "nats:" + subject, "auto")).isEqualTo(200);

    NodeProvider.answerUsually(router.connection(), subject, "{}");
    router.awaitAll(ids, SOON);
    assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
    assertThat(destination("nats:" + subject).path("state").stringValue("")).isEqualTo("closed");
  }

  @Test
  void failsSoonWhenNatsIsLostAndWorksAgainWhenItIsBack() {
    String id =
        router.assign(request("lost", Map.of("silent", true)).maxAttempts(1).deadlineMs(60_000));
    await(() -> worker.metric("worker_active_tasks") == 1);
    nats.kill();
    worker.awaitLog("Connection to NATS lost", SOON);
    await(() -> worker.metric("worker_active_tasks") == 0);
    nats.restart();
    router.awaitServer(SOON);
    // The worker may be back before the Router is, which misses what comes meanwhile.
    await(() -> !storedResults(id).isEmpty());
    JsonNode lost = storedResults(id).getFirst();
    assertThat(lost.path("error_code").stringValue(""))
        .as(lost.toString())
        .isEqualTo("NETWORK_ERROR");
    assertThat(lost.path("retries_used").intValue()).isZero();
    assertThat(lost.path("latency_ms").intValue()).isLessThan(15_000);
    served++;
    provider.awaitReady(served);
    assertThat(answerTo(request("lost", Map.of())).status()).isEqualTo("success");
  }

  private static List<JsonNode> storedResults(String id) {
    return router.streams().storedResults().stream()
        .map(message -> JSON.readTree(message.body()))
        .filter(result -> result.path("assignment_id").stringValue("").equals(id))
        .toList();
  }

  private static Assignments request(String name, Map<String, Object> body) {
    return Assignments.of("nats.request").input("subject", SUBJECTS + name).input("body", body);
  }

  private static Assignments withError(String name, int code) {
    return request(name, Map.of("error", Map.of("code", code, "text", "error of " + code)));
  }

  private static void assertFailed(Answer answer, String code, int retries) {
    assertThat(answer.errorCode()).as(answer.toString()).isEqualTo(code);
    assertThat(answer.resultJson().path("retries_used").intValue()).isEqualTo(retries);
  }

  private static JsonNode details(Answer answer) {
    return answer.resultJson().at("/error/details");
  }

  private static JsonNode destination(String name) {
    return JSON.readTree(new Operator(worker).get("/actuator/destinations").body())
        .path("destinations")
        .valueStream()
        .filter(each -> each.path("name").stringValue("").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static int force(Operator operator, String destination, String state) {
    return operator
        .post(
            "/actuator/destinations",
            "{\"destination\": \"%s\", \"state\": \"%s\"}".formatted(destination, state))
        .statusCode();
  }

  private static Answer answerTo(Assignments step) {
    return router.awaitResult(router.assign(step), SOON);
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(SOON).pollInterval(20, TimeUnit.MILLISECONDS).until(condition);
  }
}
