package io.beamline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.FreePort;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The contract's sample messages, byte for byte, against the built jar with an environment of one
 * variable: where NATS is. What comes back has the fields that the contract lists and no others.
 */
class SamplesIT {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Where the HTTP sample goes. */
  private static final int SITE_PORT = 18_080;

  private static final Set<String> ACCEPTED =
      Set.of(
          "version",
          "assignment_id",
          "request_id",
          "tenant_id",
          "status",
          "correlation",
          "acknowledged_at",
          "metadata");
  private static final Set<String> SUCCESS =
      Set.of(
          "version",
          "assignment_id",
          "request_id",
          "tenant_id",
          "status",
          "provider_id",
          "job",
          "latency_ms",
          "cost",
          "timestamp",
          "retries_used",
          "correlation",
          "result");

  private static final List<AutoCloseable> OPEN = new ArrayList<>();
  private static RouterStandIn router;
  private static WorkerProcess worker;

  @BeforeAll
  static void start() {
    NatsServer nats = opened(NatsServer.start());
    FreePort.await(SITE_PORT, Duration.ofSeconds(60));
    opened(MisbehavingHttpServer.startAt(SITE_PORT)).always(Misbehaviour.answer(200, "{}"));
    worker = opened(WorkerProcess.of(nats.url()).fatJar().onlyNatsUrl().start());
    router = opened(RouterStandIn.connect(nats.url()));
  }

  @AfterAll
  static void end() throws Exception {
    for (AutoCloseable resource : OPEN.reversed()) {
      resource.close();
    }
  }

  @Test
  void answersEverySampleAsItIs() {
    Answer put = answer("a-put-1", sample("assign-fs-put.json"));
    Answer get = answer("a-get-1", sample("assign-fs-get.json"));
    Answer http = answer("a-http-1", sample("assign-http.json"));

    assertThat(Stream.of(put, get, http).map(Answer::status)).containsOnly("success");
    assertThat(names(put.resultJson().path("result")))
        .containsExactlyInAnyOrder("path", "size", "sha256", "created");
    assertThat(names(get.resultJson().path("result")))
        .containsExactlyInAnyOrder("path", "size", "sha256", "modified", "content");
    assertThat(get.resultJson().path("result").path("content").stringValue("")).isEqualTo("hello");
    assertThat(names(http.resultJson().path("result")))
        .containsExactlyInAnyOrder("status_code", "headers", "body", "body_encoding");
    assertThat(http.resultJson().path("result").path("status_code").intValue()).isEqualTo(200);
    assertThat(worker.folder().resolve("data/reports/2026/one.txt")).hasContent("hello");
    for (Answer plain : List.of(put, get)) {
      assertThat(names(plain.ack().orElseThrow().json())).isEqualTo(ACCEPTED);
      assertThat(names(plain.resultJson())).isEqualTo(SUCCESS);
    }
    assertThat(names(http.ack().orElseThrow().json())).isEqualTo(with(ACCEPTED, "trace_id"));
    assertThat(names(http.resultJson()))
        .isEqualTo(with(SUCCESS, "trace_id", "run_id", "flow_id", "step_id"));
    assertThat(http.resultJson().path("correlation"))
        .isEqualTo(json("assign-http.json").path("correlation"));
    saysNothingOfCheckpoint2();
  }

  @Test
  void failsAsTheSampleOfCheckpoint1Does() {
    ObjectNode assignment = json("assign-fs-get.json").put("assignment_id", "a-get-2");
    ((ObjectNode) assignment.path("job").path("payload")).put("path", "../../etc/passwd");

    ObjectNode result =
        (ObjectNode)
            answer("a-get-2", assignment.toString().getBytes(UTF_8)).resultJson().deepCopy();

    ObjectNode expected = json("result-error-cp1.json").put("assignment_id", "a-get-2");
    for (String measured : List.of("latency_ms", "timestamp")) {
      assertThat(result.remove(measured).isIntegralNumber()).as(measured).isTrue();
      expected.remove(measured);
    }
    assertThat(result).isEqualTo(expected);
    saysNothingOfCheckpoint2();
  }

  @Test
  void rejectsWithTheFieldsOfTheSample() {
    ObjectNode assignment = json("assign-http.json").put("assignment_id", "a-http-2");
    ((ObjectNode) assignment.path("job")).put("type", "no.such.type");
    router.publish(assignment.toString().getBytes(UTF_8), Map.of()).join();

    JsonNode ack = router.awaitAck("a-http-2", SOON).ack().orElseThrow().json();

    JsonNode expected = json("ack-rejected.json");
    assertThat(with(names(ack), "overload_status", "queue_depth")).isEqualTo(names(expected));
    assertThat(names(ack.path("metadata"))).isEqualTo(names(expected.path("metadata")));
    assertThat(ack.path("correlation")).isEqualTo(expected.path("correlation"));
    saysNothingOfCheckpoint2();
  }

  @Test
  void logsOnePasswordThatItMadeAndNothingButJson() {
    List<String> told =
        worker.stdout().stream()
            .filter(line -> line.contains("worker.admin.password is not set"))
            .toList();

    assertThat(told).hasSize(1);
    assertThat(worker.stdout()).allSatisfy(line -> MAPPER.readTree(line).path("level"));
    assertThat(worker.stderr()).isEmpty();
  }

  /** All flags are off: neither the headers nor any field may show that they exist. */
  private static void saysNothingOfCheckpoint2() {
    Awaitility.await().atMost(SOON).until(() -> !router.heartbeats().isEmpty());
    router.assertClean();
    List<WireMessage> answers =
        Stream.of(router.streams().storedAcks(), router.streams().storedResults())
            .flatMap(List::stream)
            .toList();
    assertThat(answers)
        .isNotEmpty()
        .allSatisfy(message -> assertThat(message.header("cp_phase")).contains("cp1"));
    assertThat(Stream.of(answers, router.heartbeats()).flatMap(List::stream))
        .allSatisfy(
            message ->
                assertThat(message.json().toString())
                    .doesNotContain("cp2", "queue_depth", "overload_status", "attempts")
                    .doesNotContain("elapsed_ms"));
  }

  private static Answer answer(String id, byte[] assignment) {
    router.publish(assignment, Map.of()).join();
    return router.awaitResult(id, SOON);
  }

  private static Set<String> names(JsonNode object) {
    return Set.copyOf(object.propertyNames());
  }

  private static Set<String> with(Set<String> names, String... more) {
    return Stream.concat(names.stream(), Stream.of(more)).collect(Collectors.toSet());
  }

  private static ObjectNode json(String sample) {
    return (ObjectNode) MAPPER.readTree(sample(sample));
  }

  private static byte[] sample(String name) {
    try (InputStream in = SamplesIT.class.getResourceAsStream("/samples/" + name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static <T extends AutoCloseable> T opened(T resource) {
    OPEN.add(resource);
    return resource;
  }
}
