package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.Operator;
import io.beamline.worker.support.ReceivedRequest;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The jar with step types of its settings. */
class StepTypesIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String ENDED = "worker_step_executions_total";
  private static final String HOOK = "step_type=\"hook\"";
  private static final String SECRET = "t0ken-of-the-hook";

  @TempDir private Path folder;
  private NatsServer nats;
  private RouterStandIn router;
  private MisbehavingHttpServer server;

  @BeforeEach
  void start() {
    nats = NatsServer.start();
    router = RouterStandIn.connect(nats.url());
    server = MisbehavingHttpServer.start();
  }

  @AfterEach
  void stop() throws IOException {
    router.assertClean();
    router.close();
    server.close();
    nats.close();
  }

  @Test
  void servesWebhooksAndFileDropsWithoutCode() throws IOException {
    server
        .then(Misbehaviour.answer(503, "not now"))
        .always(Misbehaviour.answer(200, "{\"answer\": 42, \"usage\": {\"cost\": 0.0125}}"));
    try (WorkerProcess worker =
        worker(
                """
                worker.types:
                  hook:
                    block: http.request
                    inputs:
                      url: "%s/{tenant_id}?step={assignment_id}"
                      method: POST
                      headers: {Authorization: "Bearer ${HOOK_TOKEN}", X_Request: "{request_id}"}
                    payload-as: body
                    outputs-from: /body
                    cost: /usage/cost
                    aliases: [ring]
                    retry: {max-attempts: 2, base-delay: 10ms}
                  "[call.slow]":
                    block: http
                    inputs: {url: "%s"}
                    timeout: 300ms
                    retry: {max-attempts: 1}
                  drop:
                    block: fs.blob_put
                    inputs: {path: "%s/{tenant_id}/{assignment_id}.txt"}
                    cost: 0.5
                """
                    .formatted(server.url("/hooks"), server.url("/slow"), folder))
            .start()) {

      Answer rung = run(hook("ring").tenant("../a b"));
      Answer dropped = run(Assignments.of("drop").input("content", "c").tenant("../a b"));

      assertThat(rung.resultJson().path("cost").doubleValue()).isEqualTo(0.0125);
      assertThat(rung.resultJson().at("/result/answer").intValue()).isEqualTo(42);
      assertThat(rung.resultJson().path("retries_used").intValue()).isEqualTo(1);
      assertThat(server.requests()).hasSize(2);
      ReceivedRequest request = server.requests().getLast();
      assertThat(request.target()).startsWith("/hooks/..%2Fa%20b?step=").doesNotContain("evil");
      assertThat(request.header("Authorization")).isEqualTo("Bearer " + SECRET);
      assertThat(request.header("X_Request")).isNotBlank();
      assertThat(request.body()).contains("\"url\"").contains("http://evil.example/");

      assertThat(dropped.status()).isEqualTo("success");
      assertThat(dropped.resultJson().path("cost").doubleValue()).isEqualTo(0.5);
      try (Stream<Path> files = Files.list(folder.resolve("..%2Fa%20b"))) {
        assertThat(files).hasSize(1).allSatisfy(file -> assertThat(file).hasContent("c"));
      }

      server.always(Misbehaviour.stallBeforeHeaders());
      Answer slow = run(Assignments.of("call.slow").deadlineMs(20_000));
      assertThat(slow.resultJson().at("/error/code").stringValue(""))
          .isEqualTo("CONNECTION_TIMEOUT");
      assertThat(slow.resultJson().at("/error/details/timeout_ms").intValue()).isEqualTo(300);

      Awaitility.await()
          .atMost(SOON)
          .until(() -> worker.metric(ENDED, HOOK, "execution_status=\"success\"") == 1);
      assertThat(worker.stdout() + worker.stderr().toString() + said(worker))
          .doesNotContain(SECRET);
    }
  }

  @Test
  void whatAServiceAnswersMustBeTheResultThatTheTypeNames() throws IOException {
    server.always(Misbehaviour.answer(200, "plain"));
    try (WorkerProcess worker =
        worker(
                """
                worker.types.hook:
                  block: http.request
                  inputs: {url: "%s"}
                  outputs-from: /body
                """
                    .formatted(server.url("/")))
            .start()) {
      JsonNode error = run(hook("hook").maxAttempts(1)).resultJson().path("error");

      assertThat(error.path("code").stringValue("")).isEqualTo("EXECUTION_FAILED");
      assertThat(error.at("/details/outputs_from").stringValue("")).isEqualTo("/body");
    }
  }

  /** The examples of the page about own steps, as one file. */
  @Test
  void theExamplesOfThePageServe() throws IOException {
    String examples =
        Pattern.compile("```yaml\n(worker\\.types.*?|worker\\.blocks.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("src/docs/blocks.md")))
            .results()
            .map(example -> example.group(1))
            .collect(Collectors.joining("---\n"));
    assertThat(examples.split("worker\\.types\\.")).hasSize(1 + 5);
    server.always(Misbehaviour.answer(200, "{\"place\": \"here\"}"));
    try (WorkerProcess worker =
        worker(
                examples
                    .replace("https://geo.example.org", server.url(""))
                    .replace("https://hooks.example.org", server.url("")))
            .env("GEOCODE_TOKEN", SECRET)
            .env("ORDERS_PASSWORD", SECRET)
            .start()) {
      Answer place = run(Assignments.of("geocode").input("at", "x"));
      assertThat(place.resultJson().at("/result/place").stringValue("")).isEqualTo("here");
      assertThat(place.resultJson().path("cost").doubleValue()).isEqualTo(0.002);
      assertThat(server.requests().getLast().header("Authorization")).endsWith(SECRET);
      assertThat(run(Assignments.of("notify").input("event", "x")).status()).isEqualTo("success");
      assertThat(run(Assignments.of("export").input("content", "c")).status()).isEqualTo("success");
      assertThat(run(Assignments.of("chat").maxAttempts(1)).errorCode()).isEqualTo("NETWORK_ERROR");
      assertThat(worker.log()).doesNotContain(SECRET);
    }
  }

  @Test
  void aTypeThatMakesNoSenseStopsTheStartWithItsName() throws IOException {
    try (WorkerProcess worker =
        worker("worker.types.hook: {block: http.post, inputs: {url: \"${HOOK_TOKEN}\"}}")
            .launch()) {
      assertThat(worker.awaitExit(SOON)).isEqualTo(1);
      assertThat(worker.log())
          .contains("worker.types.hook.block is 'http.post', but must be one of the blocks echo,")
          .doesNotContain(SECRET);
    }
  }

  private static Assignments hook(String type) {
    return Assignments.of(type).input("url", "http://evil.example/").input("n", 1);
  }

  private Answer run(Assignments wanted) {
    return router.awaitResult(router.assign(wanted), SOON);
  }

  private static String said(WorkerProcess worker) {
    Operator operator = new Operator(worker);
    return operator.get("/actuator/health").body()
        + operator.get("/actuator/prometheus").body()
        + operator.get("/actuator/assignments").body();
  }

  private WorkerProcess.Builder worker(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("types.yml"), yaml);
    return WorkerProcess.of(nats.url())
        .env("SPRING_CONFIG_ADDITIONAL_LOCATION", file.toString())
        .env("HOOK_TOKEN", SECRET)
        .env("WORKER_BLOCKS_FS_ROOTS", folder.toString())
        .env("CP2_ADVANCED_RETRY_ENABLED", "true")
        .env("CP2_COMPLETE_TIMEOUT_ENABLED", "true");
  }
}
