package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FeatureSwitch;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The policy hold with several workers: work stays in the stream until somebody has room. */
class HoldIT extends HoldScenarios {

  private static final Duration SOON = Duration.ofMinutes(2);

  /** How soon a worker follows the flag (contract section 5). */
  private static final Duration FOLLOWED = Duration.ofSeconds(1);

  @AfterEach
  void checkAnswers() {
    router.assertClean();
  }

  @Test
  void leavesWorkToANewWorkerAndTellsHowMuchWaits() {
    try (WorkerProcess first = worker().start()) {
      List<String> ids = router.assignAll(sleeps(120, 300));
      await().until(() -> executed(first) >= 10);
      assertThat(waiting(first)).isLessThanOrEqualTo(SLOTS);
      await().until(() -> first.metric("worker_consumer_backlog") > 20);
      assertThat(readiness(first))
          .contains("\"rejection_policy\":\"hold\"")
          .containsPattern("\"backlog\":\\{[^}]*\"assignments\":[1-9]");

      assertSharedFairly(ids, first);
      await().until(() -> first.metric("worker_consumer_backlog") == 0);
    }
  }

  @Test
  void keepsOnePoolBusyWhileTheOtherIsFull() throws IOException {
    int each = 60;
    try (MisbehavingHttpServer server = MisbehavingHttpServer.start();
        WorkerProcess worker =
            worker().env("WORKER_POOLS_IO_CONCURRENCY", String.valueOf(SLOTS)).start()) {
      server.always(Misbehaviour.answer(200, "ok"));
      assertFindsRequestsWhileThePoolOfSleepsIsFull(worker, server);
      List<Assignments> mixed =
          Stream.generate(
                  () -> Stream.of(Assignments.sleep(500), Assignments.http(server.url("/"))))
              .limit(each)
              .flatMap(pair -> pair)
              .toList();
      List<String> ids = router.assignAll(mixed);
      List<String> requests = new ArrayList<>();
      List<String> sleeps = new ArrayList<>();
      for (int i = 0; i < ids.size(); i++) {
        (i % 2 == 0 ? sleeps : requests).add(ids.get(i));
      }

      router.awaitAll(requests, SOON);

      assertThat(router.unanswered(sleeps))
          .as("the requests did not wait for the sleeps")
          .hasSizeGreaterThan(each / 2);
      router.awaitAll(sleeps, SOON);
      assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
    }
  }

  /** Requests that come when nothing but sleeps has come before. */
  private void assertFindsRequestsWhileThePoolOfSleepsIsFull(
      WorkerProcess worker, MisbehavingHttpServer server) {
    List<String> sleeps = router.assignAll(sleeps(5 * SLOTS, 2_000));
    await().until(() -> held(worker) == 2 * SLOTS);
    List<String> requests =
        router.assignAll(
            Stream.generate(() -> Assignments.http(server.url("/"))).limit(20).toList());

    router.awaitAll(requests, SOON);

    assertThat(router.unanswered(sleeps)).hasSizeGreaterThanOrEqualTo(SLOTS);
    router.awaitAll(sleeps, SOON);
  }

  @Test
  void isSwitchedWithTheFlagAndRejectsNothing() {
    try (WorkerProcess worker =
        worker().env(FLAG, "false").env("WORKER_POOLS_CPU_MAX_QUEUE_SIZE", "5").start()) {
      FeatureSwitch flags = new FeatureSwitch(worker);
      List<String> ids = new ArrayList<>(router.assignAll(sleeps(200, 100)));
      await().until(() -> held(worker) > 150);

      flags.set(FLAG, true);
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> router.streams().consumer().getNumWaiting() == 0);
      ids.addAll(router.assignAll(sleeps(60, 50)));
      await().until(() -> router.unanswered(ids).size() < 50);
      assertThat(waiting(worker)).isLessThanOrEqualTo(5);
      flags.set(FLAG, false);
      ids.addAll(router.assignAll(sleeps(20, 50)));

      router.awaitAll(ids, SOON);
      assertThat(ids).allMatch(id -> router.answer(id).ackStatus().equals("accepted"));
      assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
      assertThat(router.streams().stored("caf.exec.result.v1")).isEqualTo(ids.size());
    }
  }

  /** Nothing arrives meanwhile, so that only the flag itself can change what is requested. */
  @Test
  @Tag("long")
  void followsTheFlagWithinASecondAlsoWhileIdle() {
    try (WorkerProcess worker = worker().env(FLAG, "false").start()) {
      FeatureSwitch flags = new FeatureSwitch(worker);
      await().until(() -> router.streams().consumer().getNumWaiting() == 1);

      flags.set(FLAG, true);
      // The promise is a second, and nothing shows from outside when it is kept.
      Awaitility.await().pollDelay(FOLLOWED).until(() -> true);
      List<String> ids = router.assignAll(sleeps(40, 200));
      await()
          .until(
              () -> {
                assertThat(waiting(worker)).isLessThanOrEqualTo(SLOTS);
                return router.unanswered(ids).size() < 30;
              });

      flags.set(FLAG, false);
      Awaitility.await("all the rest is taken")
          .atMost(FOLLOWED)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> router.streams().consumer().getNumPending() == 0);
      assertThat(router.unanswered(ids)).isNotEmpty();
      router.awaitAll(ids, SOON);
      assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
      assertThat(router.streams().stored("caf.exec.result.v1")).isEqualTo(ids.size());
    }
  }

  /** Starts a second worker, and awaits the results of all steps. */
  private void assertSharedFairly(List<String> ids, WorkerProcess first) {
    try (WorkerProcess second = worker().start()) {
      int left = router.unanswered(ids).size();
      Awaitility.await("the second worker runs its slots full")
          .atMost(Duration.ofSeconds(1))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> isFull(second));

      router.awaitAll(ids, SOON);

      assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
      assertThat(executed(second))
          .as("of %d steps that were left", left)
          .isGreaterThanOrEqualTo(0.4 * left);
      assertThat(executed(first) + executed(second)).isEqualTo(ids.size());
      assertThat(first.metric("worker_queue_rejections_total")).isZero();
    }
  }

  private static double held(WorkerProcess worker) {
    return worker.metric("worker_leases_held");
  }

  private static String readiness(WorkerProcess worker) {
    return worker.get(worker.managementUri("/actuator/health/readiness")).body();
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(SOON).pollInterval(Duration.ofMillis(50));
  }
}
