package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.PoisonedHeaders;
import io.beamline.worker.support.RawPublisher;
import io.beamline.worker.support.ReceivedRequest;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What holds however assignments are delivered: one worker, with every flag off. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DeliveryScenarios {

  private static final Duration SOON = Duration.ofSeconds(20);

  /** As deep as the contract permits, so that it is too deep within a message. */
  private static final String DEEP = "[".repeat(64) + "]".repeat(64);

  private NatsServer nats;
  private WorkerProcess worker;
  private RouterStandIn router;

  abstract WorkerProcess.Builder configure(WorkerProcess.Builder builder);

  abstract String assign(RouterStandIn router, Assignments assignment);

  abstract void publish(RouterStandIn router, byte[] message);

  @BeforeAll
  void start() {
    nats = NatsServer.start();
    worker = configure(WorkerProcess.of(nats.url()).env("WORKER_ID", "worker-1")).start();
    router = RouterStandIn.connect(nats.url());
  }

  @AfterAll
  void stop() {
    router.assertClean();
    router.close();
    worker.close();
    nats.close();
  }

  @Test
  void echoesThePayloadAsItCame() {
    Assignments assignment =
        Assignments.echo()
            .input("number", 1.50)
            .input("deep", List.of(List.of("ä\u0000")))
            .correlated();

    Answer answer = answerTo(assignment);

    assertThat(answer.ackStatus()).isEqualTo("accepted");
    assertThat(answer.status()).isEqualTo("success");
    assertThat(answer.resultJson().path("result"))
        .isEqualTo(assignment.json().path("job").path("payload"));
    assertThat(answer.resultJson().path("correlation"))
        .isEqualTo(assignment.json().path("correlation"));
    assertThat(answer.resultJson().path("run_id"))
        .isEqualTo(assignment.json().path("correlation").path("run_id"));
  }

  @Test
  void goesOnWhenHeadersCannotBeRead() {
    List<String> assigned = new ArrayList<>();
    try (RawPublisher raw = new RawPublisher(nats.port())) {
      Map<String, byte[]> poisoned = new LinkedHashMap<>(PoisonedHeaders.all());
      poisoned.putAll(PoisonedHeaders.hopeless());
      poisoned.forEach(
          (fault, headers) -> {
            Assignments assignment = Assignments.echo().input("fault", fault);
            raw.publish("caf.exec.assign.v1", null, headers, assignment.bytes());
            assigned.add(assignment.id());
            assigned.add(assign(router, Assignments.echo()));
          });
    }

    router.awaitAll(assigned, SOON);
    assertThat(assigned)
        .allSatisfy(id -> assertThat(router.answer(id).status()).isEqualTo("success"));
    assertThat(worker.log())
        .contains("Headers of a NATS message cannot be read")
        .doesNotContain("Connection to NATS lost", "is renewed");
  }

  @Test
  void takesAliasesAndSaysTheTypeAsItCame() {
    Answer put =
        answerTo(
            Assignments.of("fs_blob_put").input("path", "alias.txt").input("content", "hello"));
    assertThat(put.status()).isEqualTo("success");
    assertThat(put.resultJson().path("job").path("type").stringValue("")).isEqualTo("fs_blob_put");
    assertThat(answerTo(Assignments.of("fs_blob_delete").input("path", "alias.txt")).status())
        .isEqualTo("success");
  }

  @Test
  void putsReadsAndDeletesFiles() {
    String path = "reports/" + UUID.randomUUID() + ".txt";

    JsonNode put = answerTo(Assignments.put(path, "hello")).resultJson().path("result");
    assertThat(put.path("size").longValue()).isEqualTo(5);
    assertThat(put.path("sha256").stringValue(""))
        .isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    JsonNode get = answerTo(Assignments.get(path)).resultJson().path("result");
    assertThat(get.path("content").stringValue("")).isEqualTo("hello");
    JsonNode delete = answerTo(Assignments.delete(path)).resultJson().path("result");
    assertThat(delete.path("deleted").booleanValue()).isTrue();
    Answer gone = answerTo(Assignments.get(path).maxAttempts(1));
    assertThat(gone.errorCode()).isEqualTo("RESOURCE_UNAVAILABLE");
  }

  @Test
  void refusesPathsThatLeadOut() {
    Answer answer = answerTo(Assignments.get("../../etc/passwd").maxAttempts(2));

    assertThat(answer.errorCode()).isEqualTo("PERMISSION_DENIED");
    assertThat(answer.resultJson().path("retries_used").intValue()).isEqualTo(1);
  }

  @Test
  void sleepsAndCountsItsLatency() {
    JsonNode result = answerTo(Assignments.sleep(120)).resultJson();

    assertThat(result.path("result").path("slept_ms").longValue()).isEqualTo(120);
    assertThat(result.path("latency_ms").longValue()).isBetween(119L, 1_000L);
    assertThat(result.path("retries_used").intValue()).isZero();
  }

  @Test
  void copiesTracingHeaders() {
    String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    Answer answer = answerTo(Assignments.echo().correlated().header("traceparent", traceparent));

    for (WireMessage message : List.of(answer.ack().orElseThrow(), answer.result().orElseThrow())) {
      assertThat(message.headers())
          .containsEntry("traceparent", List.of(traceparent))
          .containsEntry("tenant_id", List.of("tenant-a"))
          .containsEntry("cp_phase", List.of("cp1"))
          .containsEntry("version", List.of("1"));
    }
  }

  @Test
  void keepsIdsThatTheRouterWouldRefuseOutOfTheTopLevel() {
    Assignments assignment = Assignments.echo();
    assignment.json().putObject("metadata").put("trace_id", "not a trace").put("run_id", "r\r\n1");

    JsonNode result = answerTo(assignment).resultJson();

    assertThat(result.has("trace_id")).isFalse();
    assertThat(result.has("run_id")).isFalse();
    assertThat(result.path("correlation").path("trace_id").stringValue(""))
        .isEqualTo("not a trace");
    assertThat(result.path("correlation").path("run_id").stringValue("")).isEqualTo("r\r\n1");
  }

  static Stream<Arguments> faults() {
    Assignments channel = Assignments.echo();
    channel.json().withObject("executor").put("channel", "http");
    Assignments reference = Assignments.echo();
    reference.json().withObject("job").put("payload_ref", "s3://x");
    Assignments payload = Assignments.echo();
    payload.json().withObject("job").put("payload", 5);
    Assignments longRequestId = Assignments.echo().with("request_id", "é".repeat(513));
    return Stream.of(
        Arguments.of(Assignments.echo().with("version", "2"), "unsupported_version", "version"),
        Arguments.of(Assignments.echo().without("version"), "invalid_assignment", "version"),
        Arguments.of(Assignments.echo().without("tenant_id"), "invalid_assignment", "tenant_id"),
        Arguments.of(Assignments.echo().with("request_id", 7), "invalid_assignment", "request_id"),
        Arguments.of(longRequestId, "invalid_assignment", "1 to 1024 bytes"),
        Arguments.of(payload, "invalid_assignment", "job.payload"),
        Arguments.of(channel, "unsupported_channel", "executor.channel"),
        Arguments.of(Assignments.of("teleport"), "unsupported_job_type", "teleport"),
        Arguments.of(reference, "unsupported_payload_ref", "payload_ref"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void rejectsWithAReason(Assignments assignment, String reason, String named) {
    String id = assign(router, assignment);

    Answer answer = router.awaitAck(id, SOON);

    assertThat(answer.ackStatus()).isEqualTo("rejected");
    assertThat(answer.ackReason()).isEqualTo(reason);
    assertThat(answer.ack().orElseThrow().json().path("metadata").path("detail").stringValue(""))
        .contains(named);
    assertThat(answer.results()).isZero();
  }

  @Test
  void answersWhatIsNestedTooDeep() {
    Assignments assignment = Assignments.echo().correlated();
    String json = assignment.json().toString();
    publish(router, utf8("{\"more\":" + DEEP + "," + json.substring(1)));

    JsonNode ack = router.awaitAck(assignment.id(), SOON).ack().orElseThrow().json();

    assertThat(ack.path("status").stringValue("")).isEqualTo("rejected");
    assertThat(ack.path("reason").stringValue("")).isEqualTo("invalid_assignment");
    assertThat(ack.path("metadata").path("detail").stringValue(""))
        .isEqualTo("the message is nested deeper than 64");
    for (String field : List.of("request_id", "tenant_id", "correlation")) {
      assertThat(ack.path(field)).isEqualTo(assignment.json().path(field));
    }
    assertThat(router.deadLetters())
        .noneMatch(letter -> letter.text("assignment_id").equals(assignment.id()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"undefined", "Anfrage 7 für größe-日本", "a\r\nx: y"})
  void takesAnyTextAsRequestId(String requestId) {
    Answer answer = answerTo(Assignments.echo().with("request_id", requestId));

    assertThat(answer.status()).isEqualTo("success");
    assertThat(answer.resultJson().path("request_id").stringValue("")).isEqualTo(requestId);
    assertThat(answer.ack().orElseThrow().text("request_id")).isEqualTo(requestId);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -5, Long.MIN_VALUE})
  void givesTheDefaultForADeadlineThatIsNone(long deadlineMs) throws IOException {
    try (MisbehavingHttpServer site = MisbehavingHttpServer.start()) {
      site.always(DeliveryScenarios::answerLate);

      Answer answer = answerTo(Assignments.http(site.url("/")).deadlineMs(deadlineMs));

      assertThat(answer.status()).isEqualTo("success");
      assertThat(answer.resultJson().path("retries_used").intValue()).isZero();
    }
  }

  /** Answers after a while that no deadline of a millisecond outlives. */
  private static boolean answerLate(ReceivedRequest request, Socket socket) throws IOException {
    socket.setSoTimeout(100);
    try {
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) { // the client still waits
      return Misbehaviour.answer(200, "late").act(request, socket);
    }
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void putsMalformedMessagesAside(byte[] message) {
    int before = router.deadLetters().size();

    publish(router, message);

    Awaitility.await().atMost(SOON).until(() -> router.deadLetters().size() > before);
    WireMessage letter = router.deadLetters().getLast();
    assertThat(letter.text("reason")).isEqualTo("malformed");
    assertThat(letter.headers()).containsEntry("x-dlq-reason", List.of("malformed"));
  }

  static Stream<byte[]> malformed() {
    return Stream.of(
        utf8("{\"assignment_id\""),
        utf8("[]"),
        utf8(""),
        utf8("{\"assignment_id\":\"a\",\"assignment_id\":\"b\"}"),
        utf8("{\"version\":\"1\"}"),
        utf8("{\"assignment_id\":\"\u00e4\"}"),
        utf8("{\"assignment_id\":7,\"a\":" + DEEP + "}"),
        utf8("{\"assignment_id\":\"x\",\"a\":" + DEEP + ",\"a\":1}"),
        utf8("{\"assignment_id\":\"x\",\"a\":" + DEEP),
        utf8("{\"assignment_id\":\"x\"} more"),
        new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'});
  }

  @Test
  void retriesEveryFailureWithWaitsThatGrow() {
    Answer answer = answerTo(Assignments.of("http").input("url", "ftp://example.org/"));

    assertThat(answer.errorCode()).isEqualTo("INVALID_INPUT");
    assertThat(answer.resultJson().path("retries_used").intValue()).isEqualTo(3);
  }

  @Test
  void beatsItsHeart() {
    Awaitility.await().atMost(SOON).until(() -> router.heartbeats().size() >= 2);
    assertThat(router.heartbeats().getLast().text("worker_id")).isEqualTo("worker-1");
    assertThat(router.heartbeats().getLast().text("status")).isEqualTo("ready");
  }

  private Answer answerTo(Assignments assignment) {
    return router.awaitResult(assign(router, assignment), SOON);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
