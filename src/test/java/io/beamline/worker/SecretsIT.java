package io.beamline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FreePort;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.Subjects;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerProcess;
import io.nats.client.Options;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The jar with secrets of every kind, driven into failures: none of them comes out anywhere. */
class SecretsIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String ADMIN = "adm1n-w0rd";
  private static final String NATS = "n4ts-w0rd";
  private static final String STORE = "st0re-w0rd";
  private static final String STEP = "st3p-w0rd";
  private static final List<String> SECRETS = List.of(ADMIN, NATS, STORE, STEP);

  /** All that Spring Boot has, and what attackers try. */
  private static final List<String> CLOSED =
      List.of(
          "auditevents",
          "beans",
          "caches",
          "conditions",
          "configprops",
          "configprops/nats.spring",
          "env",
          "env/nats.spring.password",
          "env/WORKER_ADMIN_PASSWORD",
          "flyway",
          "heapdump",
          "heapdump/",
          "httpexchanges",
          "integrationgraph",
          "jolokia",
          "liquibase",
          "logfile",
          "loggers",
          "loggers/ROOT",
          "mappings",
          "metrics",
          "metrics/jvm.memory.used",
          "quartz",
          "refresh",
          "restart",
          "sbom",
          "sbom/application",
          "scheduledtasks",
          "sessions",
          "shutdown",
          "startup",
          "threaddump",
          "togglz/../env",
          "health/;/../env",
          "health/%2e%2e/env",
          "%65nv",
          "env;.js");

  private static final List<String> OPEN =
      List.of(
          "/actuator/health",
          "/actuator/health/liveness",
          "/actuator/health/readiness",
          "/actuator/health/nats",
          "/actuator/info",
          "/actuator/prometheus",
          "/actuator/rollout",
          "/metrics");

  private static NatsServer nats;
  private static WorkerProcess worker;
  private static RouterStandIn router;
  private static MisbehavingHttpServer server;

  @BeforeAll
  static void start() {
    nats = NatsServer.start(users(NATS));
    router =
        RouterStandIn.connect(
            Options.builder()
                .server(nats.url())
                .userInfo("router", "router")
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(100))
                .build(),
            Subjects.STANDARD);
    worker =
        WorkerProcess.of(nats.url().replace("//", "//worker:" + NATS + "@"))
            .env("WORKER_ADMIN_PASSWORD", ADMIN + "\r\n")
            .env("NATS_SPRING_TRUST_STORE_PASSWORD", STORE + "\n")
            .env("WORKER_DLQ_FAILED_STEPS", "true")
            .env("CP2_ADVANCED_RETRY_ENABLED", "true")
            .env("WORKER_RETRY_BASE_DELAY", "1ms")
            .start();
    server = MisbehavingHttpServer.start();
  }

  @AfterAll
  static void end() throws Exception {
    try (NatsServer ignoredNats = nats;
        WorkerProcess ignoredWorker = worker;
        RouterStandIn ignoredRouter = router;
        MisbehavingHttpServer ignoredServer = server) {
      router.assertClean();
    }
  }

  @AfterEach
  void nothingWasLogged() {
    assertSafe("the log", worker.log());
  }

  @Test
  void nothingElseIsOpenOnEitherPortEvenWithALogin() {
    for (String path : CLOSED) {
      for (URI uri : List.of(worker.managementUri("/actuator/"), worker.uri("/actuator/"))) {
        URI closed = URI.create(uri + path);
        assertThat(worker.get(closed).statusCode()).as("%s", closed).isIn(400, 401, 404);
        HttpResponse<String> answer = worker.get(closed, "admin", ADMIN);
        assertThat(answer.statusCode()).as("%s with login", closed).isIn(400, 403, 404);
        assertSafe(path, answer.body() + answer.headers().map());
      }
    }
  }

  @Test
  void whatIsOpenShowsNoSecret() {
    for (String path : OPEN) {
      HttpResponse<String> answer = worker.get(worker.managementUri(path));
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertSafe(path, answer.body() + answer.headers().map());
    }
    URI flags = worker.managementUri("/actuator/togglz");
    assertThat(worker.get(flags, "admin", NATS).statusCode()).isEqualTo(401);
    assertSafe("the flags", worker.get(flags, "admin", ADMIN).body());
    assertSafe("health on the main port", worker.get(worker.uri("/_health")).body());
  }

  @Test
  void natsThatIsAwayOrRefusesShowsNoSecret() {
    URI readiness = worker.managementUri("/actuator/health/readiness");
    nats.reconfigure(users("other"));
    nats.restart();
    Awaitility.await()
        .atMost(SOON)
        .until(() -> worker.get(readiness).body().contains("Authentication error"));
    assertThat(worker.status(readiness)).isEqualTo(503);
    assertSafe("readiness", worker.get(readiness).body());
    nats.kill();
    Awaitility.await()
        .atMost(SOON)
        .until(() -> worker.get(readiness).body().contains("Unable to connect"));
    assertSafe("readiness", worker.get(readiness).body());

    nats.reconfigure(users(NATS));
    nats.restart();
    worker.awaitReady();
    assertThat(router.awaitResult(router.assign(Assignments.echo()), SOON).status())
        .isEqualTo("success");
  }

  @Test
  void aStepKeepsItsSecretsWhateverItFailsOf() {
    server
        .always(Misbehaviour.answer(500, "no"))
        .then(
            Misbehaviour.answer(401, "no", "WWW-Authenticate: Basic realm=\"" + STEP + "\""),
            Misbehaviour.raw("what is " + STEP + "?\r\n\r\n"),
            Misbehaviour.raw("HTTP/1.1 200 Fine\r\nContent-Length: " + STEP + "\r\n\r\n"),
            Misbehaviour.truncate(200));
    String noServer = "http://127.0.0.1:" + FreePort.find();
    List<Assignments> steps = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      steps.add(get(server.url("/")));
    }
    steps.add(get(noServer));
    steps.add(get("http://no-such-host.invalid"));
    steps.add(get("http://169.254.169.254"));
    steps.add(get(noServer.replace("http:", "https:")));
    steps.add(get("http://user:" + STEP + "@127.0.0.1"));
    steps.add(get("http://exa mple"));
    steps.add(get(noServer).input("headers", Map.of("X-Key", STEP + "\r\n")));
    steps.add(get(noServer).input("headers", Map.of("Proxy-Authorization", STEP)));
    steps.add(get(noServer).input("headers", "{\"Authorization\": \"" + STEP));
    steps.add(get(noServer).input("method", STEP));
    steps.add(Assignments.of("fs.blob_put").input("path", "x").input("bytes", "%" + STEP));
    steps.add(Assignments.put("/etc/no", STEP));
    steps.add(Assignments.of("sleep").input("ms", STEP));
    steps.add(get(noServer).with("options", Map.of("deadline_ms", STEP)));
    for (Assignments step : steps) {
      Answer answer = router.awaitResult(router.assign(step), SOON);
      assertThat(answer.status()).as("%s", step.json()).isEqualTo("error");
      assertSafe("the ack", answer.ack().orElseThrow().json().toString());
      assertSafe("the result of " + step.json(), answer.resultJson().toString());
    }
    refusedAndMalformed();
    Awaitility.await().atMost(SOON).until(() -> router.deadLetters().size() >= steps.size() + 2);
    router.deadLetters().forEach(SecretsIT::assertSafeDeadLetter);
    router.heartbeats().forEach(beat -> assertSafe("a heartbeat", beat.json().toString()));
  }

  private static void refusedAndMalformed() {
    Assignments unknown = Assignments.of("no.such.type").input("password", STEP);
    Answer refusal = router.awaitAck(router.assign(unknown), SOON);
    assertSafe("the refusal", refusal.ack().orElseThrow().json().toString());
    for (String malformed : List.of("{\"password\": \"" + STEP, "{\"" + STEP + "\": 1}")) {
      router.publish(malformed.getBytes(UTF_8), Map.of()).join();
    }
  }

  private static Assignments get(String url) {
    return Assignments.http(url + "/" + STEP + "?token=" + STEP + "#" + STEP)
        .input("headers", Map.of("Authorization", "Bearer " + STEP))
        .input("body", STEP)
        .maxAttempts(2);
  }

  /** The message itself is in it, for operators (contract section 7), and nothing else of it. */
  private static void assertSafeDeadLetter(WireMessage letter) {
    assertSafe("a dead letter's headers", letter.headers().toString());
    JsonNode json = letter.json();
    assertSafe("a dead letter", ((ObjectNode) json.deepCopy()).without("original").toString());
  }

  private static void assertSafe(String what, String text) {
    for (String secret : SECRETS) {
      assertThat(text).as(what).doesNotContain(secret);
    }
  }

  private static String users(String password) {
    return "authorization: {users: [{user: router, password: router}, {user: worker, password: \""
        + password
        + "\"}]}";
  }
}
