package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.Operator;
import io.beamline.worker.support.PluginJars;
import io.beamline.worker.support.RogueBlocks;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a plug-in can do to the built worker, and what it cannot. */
class RoguePluginIT {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir static Path folder;

  private static NatsServer nats;
  private static RouterStandIn router;
  private static WorkerProcess worker;

  @BeforeAll
  static void start() throws IOException {
    PluginJars.pack(RogueBlocks.class, folder.resolve("rogue.jar"));
    nats = NatsServer.start();
    worker =
        WorkerProcess.of(nats.url())
            .env("WORKER_PLUGINS_DIRECTORY", folder.toString())
            .env("WORKER_POOLS_CPU_CONCURRENCY", "2")
            .env("CP2_COMPLETE_TIMEOUT_ENABLED", "1")
            .env("CP2_CANCELLATION_ENABLED", "1")
            .start();
    router = RouterStandIn.connect(nats.url());
  }

  @AfterAll
  static void stop() {
    router.close();
    worker.close();
    nats.close();
  }

  @ParameterizedTest
  @CsvSource({
    "rogue.exception, INTERNAL_ERROR, The block failed unexpectedly, 0",
    "rogue.stack, INTERNAL_ERROR, 'The block died of an Error, or the worker failed', 1",
    "rogue.missing, INTERNAL_ERROR, 'The block died of an Error, or the worker failed', 1",
    "rogue.null, INTERNAL_ERROR, The block returned no JSON object, 0",
    "rogue.array, INTERNAL_ERROR, The block returned no JSON object, 0",
    "rogue.unwritable, INTERNAL_ERROR, 'The block died of an Error, or the worker failed', 1",
    "rogue.large, QUOTA_EXCEEDED, The result is larger than the server takes, 0",
  })
  void endsItsOwnStepOnly(String type, String code, String message, int deadLetters) {
    String id = router.assign(Assignments.of(type).maxAttempts(1));
    Answer answer = router.awaitResult(id, SOON);

    assertThat(answer.errorCode()).isEqualTo(code);
    assertThat(answer.resultJson().path("error_message").stringValue("")).isEqualTo(message);
    Awaitility.await()
        .atMost(SOON)
        .until(
            () ->
                router.deadLetters().stream()
                        .filter(letter -> letter.json().toString().contains(id))
                        .count()
                    == deadLetters);
    assertOthersGoOn();
  }

  @Test
  void seesAnAttemptThatGoesOnAfterItsDeadline() {
    String id =
        router.assign(
            Assignments.of("rogue.loop").input("ms", 6_000).deadlineMs(300).maxAttempts(1));

    Answer answer = router.awaitResult(id, Duration.ofSeconds(4));
    assertThat(answer.status()).isEqualTo("timeout");
    assertSeenUntilItEnds(id);
  }

  @Test
  void seesAnAttemptThatGoesOnAfterItsCancellation() {
    String id =
        router.assign(
            Assignments.of("rogue.loop")
                .input("ms", 6_000)
                .deadlineMs(60_000)
                .tenant("tenant-a")
                .maxAttempts(1));
    Awaitility.await()
        .atMost(SOON)
        .until(() -> worker.metric("worker_active_tasks", "resource_pool=\"cpu\"") == 1);
    router.cancel("tenant-a", "assignment_id", id);

    assertThat(router.awaitResult(id, Duration.ofSeconds(4)).status()).isEqualTo("cancelled");
    assertSeenUntilItEnds(id);
  }

  @Test
  void showsThreadsThatItLeaves() {
    double before = worker.metric("jvm_threads_live_threads");
    String id = router.assign(Assignments.of("rogue.threads").input("threads", 50));

    assertThat(router.awaitResult(id, SOON).status()).isEqualTo("success");
    assertThat(worker.metric("jvm_threads_live_threads")).isGreaterThan(before + 40);
  }

  private static void assertSeenUntilItEnds(String id) {
    Awaitility.await().atMost(SOON).until(() -> stuck() == 1);
    JsonNode one = shown("?stage=stuck").path("assignments").path(0);
    assertThat(one.path("assignment_id").stringValue("")).isEqualTo(id);
    assertThat(one.path("step_type").stringValue("")).isEqualTo("rogue.loop");
    assertThat(one.path("stage").stringValue("")).isEqualTo("stuck");
    assertThat(one.path("stuck_ms").longValue(0)).isGreaterThanOrEqualTo(1_000);
    assertThat(shown("?stage=running").path("count").intValue(-1)).isZero();
    assertOthersGoOn();

    Awaitility.await().atMost(SOON).until(() -> stuck() == 0);
    assertThat(shown("?stage=stuck").path("count").intValue(-1)).isZero();
    assertThat(worker.metric("worker_active_tasks", "resource_pool=\"cpu\"")).isZero();
  }

  private static void assertOthersGoOn() {
    String other = router.assign(Assignments.echo());
    assertThat(router.awaitResult(other, SOON).status()).isEqualTo("success");
  }

  private static double stuck() {
    return worker.metric("worker_stuck_attempts", "resource_pool=\"cpu\"");
  }

  private static JsonNode shown(String query) {
    return JSON.readTree(new Operator(worker).get("/actuator/assignments" + query).body());
  }
}
