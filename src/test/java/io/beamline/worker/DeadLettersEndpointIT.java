package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.CommandProcess;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.Operator;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerProcess;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Dead letters that a worker really made, in the hands of an operator who has only HTTP. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeadLettersEndpointIT {

  private static final String PATH = "/actuator/deadletters";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final JsonMapper JSON = new JsonMapper();

  private static NatsServer nats;
  private static WorkerProcess worker;
  private static RouterStandIn router;
  private static Operator operator;
  private static final Queue<WireMessage> assigned = new ConcurrentLinkedQueue<>();
  private static Assignments first;
  private static Assignments second;

  @BeforeAll
  static void makeDeadLetters() throws Exception {
    nats = NatsServer.start();
    worker = WorkerProcess.of(nats.url()).env("WORKER_DLQ_FAILED_STEPS", "true").start();
    operator = new Operator(worker);
    router = RouterStandIn.connect(nats.url());
    ThreeDeadLetters.watchAssignments(router, assigned::add);
    first = ThreeDeadLetters.failing("one.txt").header("traceparent", "00-a-b-01");
    second = ThreeDeadLetters.failing("two.txt").tenant("tenant-b");
    ThreeDeadLetters.make(router, first, second);
  }

  @AfterAll
  static void end() {
    router.close();
    worker.close();
    nats.close();
    router.assertClean();
  }

  @Test
  @Order(1)
  void needsALogin() {
    assertThat(worker.get(worker.managementUri(PATH)).statusCode()).isEqualTo(401);
    assertThat(worker.get(worker.managementUri(PATH + "/1")).statusCode()).isEqualTo(401);
    String replay = "{\"replay\": true}";
    assertThat(operator.postAnonymously(PATH, replay).statusCode()).isEqualTo(401);
    assertThat(operator.postAnonymously(PATH + "/2", replay).statusCode()).isEqualTo(401);
    assertThat(worker.get(worker.uri(PATH)).statusCode()).isEqualTo(404);
  }

  @Test
  @Order(2)
  void listsThemTheNewestFirst() {
    JsonNode all = get("");
    assertThat(all.path("stream").stringValue("")).isEqualTo("CAF_EXEC_DLQ_V1");
    assertThat(all.path("stored").intValue()).isEqualTo(3);
    assertThat(numbers(all)).containsExactly(3, 2, 1);
    assertThat(numbers(get("?order=oldest"))).containsExactly(1, 2, 3);
    JsonNode one = all.path("dead_letters").path(1);
    assertThat(one.path("assignment_id").stringValue("")).isEqualTo(first.id());
    assertThat(one.path("tenant_id").stringValue("")).isEqualTo("tenant-a");
    assertThat(one.path("type").stringValue("")).isEqualTo("fs.blob_get");
    assertThat(one.path("error_code").stringValue("")).isEqualTo("RESOURCE_UNAVAILABLE");
    assertThat(one.path("reason").stringValue("")).isEqualTo("failed");
    assertThat(one.path("replay").stringValue("")).isEqualTo("open");
    assertThat(all.toString()).doesNotContain("hush", "one.txt");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ?reason=failed                                    | 3 2
          ?reason=malformed                                 | 1
          ?tenant_id=tenant-b                               | 3
          ?type=fs.blob_get                                 | 3 2
          ?type=echo                                        |
          ?code=RESOURCE_UNAVAILABLE&order=oldest           | 2 3
          ?code=NETWORK_ERROR                               |
          ?since=1h                                         | 3 2 1
          ?since=2999-01-01T00:00:00Z                       |
          ?until=1h                                         |
          ?until=2999-01-01T00:00:00Z&reason=failed&limit=1 | 3
          ?from=2&to=2                                      | 2
          """)
  @Order(3)
  void filters(String query, String numbers) {
    List<Integer> expected =
        numbers == null
            ? List.of()
            : Stream.of(numbers.split(" ", -1)).map(Integer::valueOf).toList();
    assertThat(numbers(get(query))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ?reason=other             | reason must be one of malformed, max_deliver, failed
          ?code=RESOURCE            | code must be the name of an error code
          ?since=soon               | since must be a time such as
          ?until=x                  | until must be a time such as
          ?limit=1001               | limit must be a whole number from 1 to 1000
          ?order=any                | order must be newest or oldest
          ?tenant=tenant-a          | there is no parameter tenant: did you mean tenant_id?
          ?reason=failed&reason=max | reason may be there only once
          /x                        | sequence must be a whole number from 1
          /1?original=yes           | original must be true or false
          """)
  @Order(3)
  void namesAWrongParameter(String query, String sentence) {
    assertError(operator.get(PATH + query), 400, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
             | {}                                           | replay must be there, and be true
             | {"replay": false}                            | replay must be there, and be true
             | {"replay": true, "dry_run": "perhaps"}       | dry_run must be true or false
             | {"replay": true, "tenant": "tenant-a"}       | there is no parameter tenant: did you mean
             | {"replay": true, "reason": "other"}          | reason must be one of
          /2 | {"replay": true, "reason": "failed"}         | there is no parameter reason
          /2 | {"dry_run": true}                            | replay must be there, and be true
          """)
  @Order(3)
  void namesAWrongFieldAndReplaysNothing(String path, String body, String sentence) {
    assertError(operator.post(PATH + (path == null ? "" : path), body), 400, sentence);
    assertThat(assigned).hasSize(3);
  }

  @Test
  @Order(4)
  void showsOneWithItsOriginalOnlyOnRequest() {
    String page = operator.get(PATH + "/2").body();
    JsonNode letter = JSON.readTree(page);
    assertThat(letter.path("headers").path("traceparent").stringValue("")).isEqualTo("00-a-b-01");
    assertThat(letter.path("replay_assignment_id").stringValue("")).startsWith("replay-2-");
    assertThat(letter.path("content").path("assignment_id").stringValue("")).isEqualTo(first.id());
    assertThat(letter.path("original_bytes").intValue()).isPositive();
    assertThat(page).doesNotContain("hush", "payload", "\"original\":");
    JsonNode original =
        JSON.readTree(operator.get(PATH + "/2?original=true").body()).at("/content/original");
    assertThat(original.at("/job/payload/path").stringValue("")).isEqualTo("one.txt");
    assertThat(original.at("/job/payload/password").stringValue("")).isEqualTo("[REDACTED]");
    assertError(operator.get(PATH + "/999"), 404, "has no dead letter 999");
  }

  @Test
  @Order(5)
  void saysWhatItWouldDoAndChangesNothing() throws Exception {
    List<String> before = router.connection().jetStreamManagement().getStreamNames();
    JsonNode dry = post("", "{\"replay\": true, \"dry_run\": true}");
    assertThat(dry.path("possible").intValue()).isEqualTo(2);
    assertThat(dry.path("impossible").intValue()).isEqualTo(1);
    assertThat(dry.path("dead_letters").path(0).path("why").stringValue("")).contains("malformed");
    JsonNode one = post("/2", "{\"replay\": true, \"dry_run\": true}");
    assertThat(one.path("outcome").stringValue("")).isEqualTo("possible");
    assertThat(one.path("replay_of").stringValue("")).isEqualTo(first.id());
    assertThat(router.connection().jetStreamManagement().getStreamNames()).isEqualTo(before);
    assertThat(assigned).hasSize(3);
    assertThat(worker.log()).doesNotContain("Dead letter replayed", "Replay of dead letters");
  }

  @Test
  @Order(6)
  void replaysOneWhichThenReallyRunsUnderItsNewId() {
    router.awaitResult(router.assign(Assignments.put("one.txt", "there now")), SOON);
    JsonNode replay = post("/2", "{\"replay\": true}");
    assertThat(replay.path("outcome").stringValue("")).isEqualTo("replayed");
    String newId = replay.path("assignment_id").stringValue("");
    Answer answer = router.awaitResult(newId, SOON);
    assertThat(answer.status()).isEqualTo("success");
    assertThat(assigned)
        .filteredOn(message -> message.text("assignment_id").equals(newId))
        .singleElement()
        .satisfies(
            message -> {
              assertThat(message.header("x-replay-of")).contains(first.id());
              assertThat(message.header("traceparent")).contains("00-a-b-01");
            });
    JsonNode again = post("/2", "{\"replay\": true}");
    assertThat(again.path("outcome").stringValue("")).isEqualTo("already_replayed");
    assertThat(again.path("assignment_id").stringValue("")).isEqualTo(newId);
    assertThat(get("?from=2&to=2").at("/dead_letters/0/replay").stringValue("")).isEqualTo("done");
    assertThat(CommandProcess.run(nats.url(), "--dlq-replay", "2").stdout())
        .contains("2: was replayed before as " + newId);
    assertThat(ThreeDeadLetters.answersOf(router, "replay-2-")).isOne();
    assertThat(worker.stdout())
        .filteredOn(line -> line.contains("\"message\":\"Dead letter replayed\""))
        .singleElement()
        .asString()
        .contains("\"sequence\":2", "\"user\":\"admin\"", newId, first.id());
  }

  @Test
  @Order(7)
  void replaysWhatMatchesOnceThoughACommandDoesSoToo() {
    CompletableFuture<CommandProcess> command =
        CommandProcess.start(nats.url(), "--dlq-replay", "--all", "--since", "1h");
    JsonNode replayed =
        post("", "{\"replay\": true, \"tenant_id\": \"tenant-b\", \"type\": \"fs.blob_get\"}");
    assertThat(replayed.path("impossible").intValue()).isZero();
    command.join();
    Awaitility.await()
        .atMost(SOON)
        .until(() -> ThreeDeadLetters.answersOf(router, "replay-3-") == 1);
    assertThat(assigned)
        .extracting(message -> message.text("assignment_id"))
        .filteredOn(id -> id.startsWith("replay-3-"))
        .hasSize(1);
    assertThat(worker.log()).contains("Replay of dead letters ended");
    assertThat(worker.stderr()).isEmpty();
  }

  @Test
  @Order(8)
  void saysInASentenceThatNatsIsAway() {
    nats.kill();
    assertError(operator.get(PATH), 503, "127.0.0.1:" + nats.port() + " cannot be used");
    assertError(operator.post(PATH, "{\"replay\": true}"), 503, "cannot be used");
    nats.restart();
    worker.awaitReady();
    assertThat(get("?limit=1").path("count").intValue()).isEqualTo(1);
  }

  private static void assertError(HttpResponse<String> answer, int status, String sentence) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    JsonNode body = JSON.readTree(answer.body());
    assertThat(body.path("status").intValue()).isEqualTo(status);
    assertThat(body.path("message").stringValue("")).contains(sentence).doesNotContain("Exception");
  }

  private static JsonNode get(String query) {
    HttpResponse<String> answer = operator.get(PATH + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static JsonNode post(String path, String body) {
    HttpResponse<String> answer = operator.post(PATH + path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static List<Integer> numbers(JsonNode body) {
    return body.path("dead_letters")
        .valueStream()
        .map(letter -> letter.path("sequence").intValue())
        .toList();
  }
}
