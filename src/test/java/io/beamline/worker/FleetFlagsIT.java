package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FeatureSwitch;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two workers that share their flags in a bucket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FleetFlagsIT {

  private static final String RETRY = "CP2_ADVANCED_RETRY_ENABLED";
  private static final String TIMEOUT = "CP2_COMPLETE_TIMEOUT_ENABLED";
  private static final String QUEUE = "CP2_QUEUE_MANAGEMENT_ENABLED";
  private static final String BUCKET = "beamline-worker-features";

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration FOLLOWS = Duration.ofSeconds(1);
  private static final int TOGGLES = 10;
  private static final int BATCH = 100;

  private NatsServer nats;
  private RouterStandIn router;
  private WorkerProcess one;
  private WorkerProcess other;

  @BeforeAll
  void start() {
    nats = NatsServer.start();
    router = RouterStandIn.connect(nats.url());
    startWorkers();
  }

  @AfterAll
  void stop() {
    one.close();
    other.close();
    router.close();
    nats.close();
  }

  @BeforeEach
  void putAllBack() {
    List.of(RETRY, TIMEOUT, QUEUE).forEach(new FeatureSwitch(one)::putBack);
    List.of(RETRY, TIMEOUT, QUEUE).forEach(flag -> follows(other, flag, false));
  }

  @Test
  void aChangeInOneReachesTheOtherWithinASecondAndCanBePutBack() throws Exception {
    new FeatureSwitch(one).set(RETRY, true);
    follows(other, RETRY, true);
    assertThat(other.stdout())
        .filteredOn(line -> line.contains("Feature flag changed"))
        .last()
        .asString()
        .contains("\"feature\":\"" + RETRY + "\",\"enabled\":true,\"user\":\"admin\"")
        .contains("\"source\":\"bucket " + BUCKET + "\"", "\"changed_on\":\"fleet-1\"");

    new FeatureSwitch(other).set(RETRY, false);
    follows(one, RETRY, false);
    assertThat(router.connection().keyValue(BUCKET).get(RETRY)).isNotNull();

    new FeatureSwitch(other).putBack(RETRY);
    assertThat(router.connection().keyValue(BUCKET).get(RETRY)).isNull();
  }

  /** fleet-1 is at 12.0 %, fleet-2 at 68.8 %. */
  @Test
  void theQueueFlagIsOnForAShareOfTheWorkers() {
    new FeatureSwitch(one).gradual(QUEUE, "50");
    new FeatureSwitch(one).set(RETRY, true);

    follows(other, RETRY, true);
    assertThat(enabled(one, QUEUE)).isTrue();
    assertThat(enabled(other, QUEUE)).isFalse();
    assertThat(one.metrics()).contains("worker_queue_capacity{");
    assertThat(other.metrics()).doesNotContain("worker_queue_capacity{");

    new FeatureSwitch(other).gradual(QUEUE, "69");
    assertThat(enabled(other, QUEUE)).isTrue();
  }

  @Test
  void tenTogglesUnderLoadLoseNothing() {
    long results = router.streams().stored("caf.exec.result.v1");
    CompletableFuture<Void> toggles = CompletableFuture.runAsync(this::toggle);
    List<String> ids = new ArrayList<>();
    while (!toggles.isDone() || ids.size() < 10 * BATCH) {
      List<String> batch =
          router.assignAll(Stream.generate(FleetFlagsIT::step).limit(BATCH).toList());
      router.awaitAll(batch, SOON);
      ids.addAll(batch);
    }
    toggles.join();

    router.assertClean();
    for (String id : ids) {
      Answer answer = router.answer(id);
      assertThat(answer.status()).isEqualTo("success");
      assertThat(List.of(answer.acks(), answer.results())).containsExactly(1, 1);
    }
    assertThat(router.streams().stored("caf.exec.result.v1")).isEqualTo(results + ids.size());
    for (String flag : List.of(RETRY, TIMEOUT)) {
      follows(one, flag, true);
      follows(other, flag, true);
    }
  }

  @Test
  void whatIsDoneToTheBucketByHandIsSurvivedAndSaid() throws Exception {
    new FeatureSwitch(one).set(RETRY, true);
    follows(other, RETRY, true);

    router.connection().keyValue(BUCKET).put(RETRY, "{\"enabled\": ");
    for (WorkerProcess worker : List.of(one, other)) {
      worker.awaitLog("is not valid; its last valid state is kept", SOON);
      assertThat(worker.log()).contains("\"key\":\"" + RETRY + "\"");
      assertThat(enabled(worker, RETRY)).isTrue();
    }

    router.connection().keyValueManagement().delete(BUCKET);
    for (WorkerProcess worker : List.of(one, other)) {
      Awaitility.await().atMost(SOON).until(() -> !enabled(worker, RETRY));
      assertThat(worker.log()).contains("was replaced or its copy is not complete");
    }
    new FeatureSwitch(other).set(RETRY, true);
    follows(one, RETRY, true);
  }

  @Test
  void whileNatsIsAwayTheLastStateHoldsAndAChangeIsRefused() {
    new FeatureSwitch(one).set(TIMEOUT, true);
    follows(other, TIMEOUT, true);

    nats.kill();
    HttpResponse<String> refused = new FeatureSwitch(one).post(TIMEOUT, "{\"enabled\": false}");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).containsAnyOf("NATS is away", "NATS did not confirm the change");
    for (WorkerProcess worker : List.of(one, other)) {
      Awaitility.await().atMost(SOON).until(() -> !worker.ready());
      assertThat(new FeatureSwitch(worker).post(TIMEOUT, "{\"reset\": true}").body())
          .contains("NATS is away, so the flags stay as they are");
      assertThat(enabled(worker, TIMEOUT)).isTrue();
    }

    nats.restart();
    one.awaitReady();
    other.awaitReady();
    assertThat(enabled(one, TIMEOUT)).isTrue();
    assertThat(enabled(other, TIMEOUT)).isTrue();
    new FeatureSwitch(one).set(TIMEOUT, false);
    follows(other, TIMEOUT, false);
  }

  /** Also the first assignment that the new workers take, which waits for them. */
  @Test
  void theStateSurvivesTheRestartOfAllWorkers() {
    new FeatureSwitch(one).set(RETRY, true);
    new FeatureSwitch(other).gradual(TIMEOUT, "0.5");
    one.close();
    other.close();
    List<String> waiting = router.assignAll(Stream.generate(Assignments::echo).limit(20).toList());

    startWorkers();

    router.awaitAll(waiting, SOON);
    assertThat(waiting)
        .allSatisfy(
            id ->
                assertThat(router.answer(id).result().orElseThrow().header("cp_phase"))
                    .hasValue("cp2"));
    for (WorkerProcess worker : List.of(one, other)) {
      assertThat(enabled(worker, RETRY)).isTrue();
      assertThat(enabled(worker, TIMEOUT)).isTrue();
    }
  }

  private void startWorkers() {
    one = worker("fleet-1").launch();
    other = worker("fleet-2").launch();
    one.awaitReady();
    other.awaitReady();
  }

  private WorkerProcess.Builder worker(String id) {
    return WorkerProcess.of(nats.url())
        .env("WORKER_ID", id)
        .env("WORKER_FEATURES_STORE", "nats-kv");
  }

  /** Each flag by turns on, in one worker, and off, in the other. */
  private void toggle() {
    for (int i = 0; i < TOGGLES; i++) {
      boolean on = i / 2 % 2 == 0;
      new FeatureSwitch(on ? one : other).set(i % 2 == 0 ? RETRY : TIMEOUT, on);
    }
  }

  private static Assignments step() {
    return Assignments.sleep(3);
  }

  private static void follows(WorkerProcess worker, String flag, boolean on) {
    Awaitility.await(flag + " is " + on)
        .atMost(FOLLOWS)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> enabled(worker, flag) == on);
  }

  private static boolean enabled(WorkerProcess worker, String flag) {
    return worker.metric("worker_feature_enabled", "feature=\"" + flag + "\"") == 1;
  }
}
