package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.ReceivedRequest;
import io.beamline.worker.support.Signals;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The policy hold at length: fleets that grow and are replaced, steps of any length, both pools.
 */
@Tag("long")
class HoldFleetIT extends HoldScenarios {

  private static final Duration SOON = Duration.ofMinutes(4);

  /** So many requests are timed. Before the last of them fewer than 1 000 sleeps are held. */
  private static final int TIMED = 930;

  /** How long a step takes, how many there are, and how many are done when the others come. */
  @ParameterizedTest(name = "{1} steps of {0} ms, {3} workers")
  @CsvSource({
    "300, 600, 100, 2",
    "5, 12000, 500, 2",
    "5000, 40, 6, 2",
    "300, 600, 100, 3",
  })
  void sharesWhatIsLeftWithNewWorkers(long ms, int steps, int before, int workers) {
    List<WorkerProcess> fleet = new ArrayList<>(List.of(worker().start()));
    try {
      List<String> ids = router.assignAll(sleeps(steps, ms));
      await().until(() -> executed(fleet.getFirst()) >= before);
      for (int i = 1; i < workers; i++) {
        fleet.add(worker().launch());
      }
      fleet.forEach(WorkerProcess::awaitReady);
      int left = router.unanswered(ids).size();
      Awaitility.await("every worker runs its slots full")
          .atMost(Duration.ofSeconds(1))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> fleet.stream().allMatch(HoldScenarios::isFull));

      double most = mostWaitingUntilDone(ids, fleet);

      assertThat(most).isLessThanOrEqualTo(Math.max(SLOTS, SLOTS * 100.0 / ms));
      double newcomers = fleet.stream().skip(1).mapToDouble(HoldScenarios::executed).sum();
      assertThat(newcomers)
          .as("of %d that were left", left)
          .isGreaterThanOrEqualTo(0.4 * left * 2 * (workers - 1) / workers);
      assertAllSucceeded(ids, fleet);
    } finally {
      fleet.forEach(WorkerProcess::close);
    }
    router.assertClean();
  }

  private double mostWaitingUntilDone(List<String> ids, List<WorkerProcess> fleet) {
    DoubleAccumulator most = new DoubleAccumulator(Math::max, 0);
    await()
        .until(
            () -> {
              fleet.forEach(worker -> most.accumulate(waiting(worker)));
              return router.unanswered(ids).isEmpty();
            });
    return most.get();
  }

  @Test
  void goesOnThroughARollingRestart() {
    List<WorkerProcess> fleet = new ArrayList<>(List.of(worker().start(), worker().start()));
    try {
      List<String> ids = router.assignAll(sleeps(400, 200));
      for (int i = 0; i < 2; i++) {
        int done = ids.size() - router.unanswered(ids).size();
        await().until(() -> ids.size() - router.unanswered(ids).size() > done + 20);
        WorkerProcess newcomer = worker().start();
        WorkerProcess leaver = fleet.set(i, newcomer);
        leaver.sigterm();
        leaver.awaitExit(SOON);
        leaver.close();
        Awaitility.await("the newcomer has work")
            .atMost(Duration.ofSeconds(1))
            .pollInterval(Duration.ofMillis(10))
            .until(() -> isFull(newcomer));
      }

      router.awaitAll(ids, SOON);

      assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
      assertThat(router.streams().stored("caf.exec.result.v1")).isEqualTo(ids.size());
      assertThat(router.deadLetters()).isEmpty();
    } finally {
      fleet.forEach(WorkerProcess::close);
    }
    router.assertClean();
  }

  /**
   * Both kinds alternate, 2 000 of each; the sleeps take so long that hardly any ends. As long as
   * fewer than 1 000 sleeps are held, the requests go on nearly as fast as alone.
   */
  @Test
  void keepsTheRateOfOnePoolUntilTheOtherHasItsLimitWaiting() throws IOException {
    int requests = 2_000;
    try (MisbehavingHttpServer server = MisbehavingHttpServer.start();
        WorkerProcess worker = worker().start()) {
      server.always(HoldFleetIT::answerAfterFiveMillis);
      Supplier<Assignments> request = () -> Assignments.http(server.url("/"));
      List<Double> alone = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        List<Assignments> all = Stream.generate(request).limit(requests).toList();
        alone.add(secondsOfRequests(worker, all));
      }
      double before = alone.stream().skip(2).sorted().toList().get(2);
      List<Assignments> both =
          Stream.generate(() -> Stream.of(Assignments.sleep(10_000), request.get()))
              .limit(requests)
              .flatMap(pair -> pair)
              .toList();

      double mixed = secondsOfRequests(worker, both);

      System.out.printf("%d requests: %s s alone, %.2f s mixed%n", TIMED, alone, mixed);
      assertThat(before / mixed).isGreaterThanOrEqualTo(0.8);
      await().until(() -> worker.metric("worker_queue_depth", CPU) > 990);
      assertThat(worker.metric("worker_queue_depth", CPU)).isLessThanOrEqualTo(1_000);
    }
  }

  /** The time in which a worker does the first requests of assignments that are stored before. */
  private double secondsOfRequests(WorkerProcess worker, List<Assignments> all) {
    Signals.send(worker.pid(), "STOP");
    List<String> ids = router.assignAll(all);
    List<String> requests =
        IntStream.range(0, all.size())
            .filter(i -> all.get(i).json().at("/job/type").stringValue().equals("http.request"))
            .mapToObj(ids::get)
            .toList();
    long begin = System.nanoTime();
    Signals.send(worker.pid(), "CONT");
    Awaitility.await()
        .atMost(SOON)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> requests.size() - router.unanswered(requests).size() >= TIMED);
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (requests.size() == all.size()) {
      router.awaitAll(requests, SOON);
    }
    return seconds;
  }

  private static boolean answerAfterFiveMillis(ReceivedRequest request, Socket socket)
      throws IOException {
    LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    return Misbehaviour.answer(200, "ok").act(request, socket);
  }

  private void assertAllSucceeded(List<String> ids, List<WorkerProcess> fleet) {
    assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
    assertThat(fleet.stream().mapToDouble(HoldScenarios::executed).sum()).isEqualTo(ids.size());
    assertThat(fleet)
        .allMatch(worker -> worker.metric("worker_queue_rejections_total") == 0)
        .allMatch(worker -> worker.metric("worker_redeliveries_total") == 0);
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(SOON).pollInterval(Duration.ofMillis(50));
  }
}
