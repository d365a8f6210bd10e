package io.beamline.worker.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class RouterStandInTest {

  private static final String RESULTS = Subjects.STANDARD.result();
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private NatsServer server;
  private RouterStandIn router;
  private Connection worker;

  @BeforeEach
  void start() {
    server = NatsServer.start();
    router = RouterStandIn.connect(server.url());
    router.streams().provision();
    worker = server.connect();
  }

  @AfterEach
  void stop() throws Exception {
    worker.close();
    router.close();
    server.close();
  }

  @Test
  void seesAckAndResultOfEveryAssignment() throws Exception {
    respondTrivially();
    List<String> ids =
        router.assignAll(IntStream.range(0, 200).mapToObj(i -> Assignments.echo()).toList());
    router.awaitAll(ids, SOON);
    router.assertClean();
    Answer answer = router.awaitResult(ids.getFirst(), SOON);
    assertThat(answer.status()).isEqualTo("success");
    assertThat(answer.ackedAt()).isLessThan(answer.resultAt());
    await().atMost(SOON).until(() -> router.streams().stored(RESULTS) == 200);
    assertThat(router.streams().storedAcks()).hasSize(200);
    assertThat(router.streams().storedResults())
        .extracting(message -> message.text("assignment_id"))
        .containsExactlyInAnyOrderElementsOf(ids);
    assertThat(router.streams().unacknowledgedAssignments()).isEqualTo(200);
    assertThat(router.statistics()).startsWith("200 assignments, 200 acks, 200 results");
  }

  @Test
  void seesARepeatedResultOnceInTheStream() throws Exception {
    String id = router.assign(Assignments.echo());
    publish("ack", ack(id, "accepted"));
    publish("result", result(id, "success"));
    publish("result", result(id, "success"));
    await().atMost(SOON).until(() -> router.answer(id).results() == 2);
    await().atMost(SOON).until(() -> router.streams().stored(RESULTS) > 0);
    assertThat(router.streams().storedResults()).hasSize(1);
    router.assertClean();
    assertThat(router.contradictions()).isEmpty();
  }

  @Test
  void findsAResultBeforeItsAck() throws Exception {
    publish("result", result("a-1", "success"));
    router.awaitResult("a-1", SOON);
    assertThat(router.violations()).containsExactly("a-1: a result came before any ack");
    assertThatThrownBy(router::assertClean).isInstanceOf(AssertionError.class);
  }

  @Test
  void findsAResultAfterARejection() throws Exception {
    publish("ack", ack("a-1", "rejected"));
    publish("result", result("a-1", "success"));
    router.awaitResult("a-1", SOON);
    assertThat(router.violations()).containsExactly("a-1: a result came after a rejection");
  }

  @Test
  void findsAChangeOfMind() throws Exception {
    publish("ack", ack("a-1", "accepted"));
    publish("ack", ack("a-1", "rejected"));
    publish("result", result("a-1", "success"));
    assertThat(router.awaitResult("a-1", SOON).ackStatus()).isEqualTo("accepted");
    assertThat(router.violations()).containsExactly("a-1: acked as rejected after accepted");
  }

  @Test
  void keepsTheFirstOfContradictingResults() throws Exception {
    publish("ack", ack("a-1", "accepted"));
    publish("result", result("a-1", "success"));
    ObjectNode other = result("a-1", "success");
    other.putObject("result").put("other", 1);
    publish("result", other);
    publish("ack", ack("a-2", "accepted"));
    router.awaitAck("a-2", SOON);
    assertThat(router.answer("a-1").results()).isEqualTo(2);
    assertThat(router.answer("a-1").resultJson().path("result").isEmpty()).isTrue();
    assertThat(router.contradictions()).containsExactly("a-1: a second result differs in result");
  }

  @Test
  void judgesEveryMessage() throws Exception {
    ObjectNode wrong = result("a-1", "success");
    wrong.remove("tenant_id");
    publish("ack", ack("a-1", "accepted"));
    publish("result", wrong);
    router.awaitResult("a-1", SOON);
    assertThat(router.violations())
        .satisfiesExactly(
            rule -> assertThat(rule).contains("tenant_id is missing"),
            rule -> assertThat(rule).contains("breaks its schema", "'tenant_id' not found"));
  }

  private void respondTrivially() throws Exception {
    worker
        .createDispatcher(
            message -> {
              String id = WireMessage.of(message).text("assignment_id");
              publish("ack", ack(id, "accepted"));
              publish("result", result(id, "success"));
            })
        .subscribe(Subjects.STANDARD.assign());
    worker.flush(Duration.ofSeconds(5));
  }

  private void publish(String kind, ObjectNode json) {
    Headers headers = new Headers();
    headers.add("Nats-Msg-Id", json.path("assignment_id").stringValue() + "." + kind);
    headers.add("version", "1");
    headers.add("cp_phase", "cp1");
    headers.add("tenant_id", "tenant-a");
    String subject = kind.equals("ack") ? Subjects.STANDARD.ack() : Subjects.STANDARD.result();
    worker.publish(
        NatsMessage.builder()
            .subject(subject)
            .headers(headers)
            .data(json.toString().getBytes(UTF_8))
            .build());
  }

  private static ObjectNode ack(String id, String status) {
    ObjectNode ack = common(id, status).put("acknowledged_at", 1795415735566L);
    ObjectNode metadata = ack.putObject("metadata").put("worker_id", "w");
    if (status.equals("rejected")) {
      ack.put("reason", "queue_full").put("message", "queue_full");
      metadata.put("detail", "full");
    }
    return ack;
  }

  private static ObjectNode result(String id, String status) {
    ObjectNode result = common(id, status).put("provider_id", "p").put("latency_ms", 0);
    result.put("cost", 0.0).put("timestamp", 1795415735566L).put("retries_used", 0);
    result.putObject("job").put("type", "echo");
    result.putObject("result");
    return result;
  }

  private static ObjectNode common(String id, String status) {
    ObjectNode json = MAPPER.createObjectNode().put("version", "1").put("assignment_id", id);
    json.put("request_id", "r").put("tenant_id", "tenant-a").put("status", status);
    json.putObject("correlation");
    return json;
  }
}
