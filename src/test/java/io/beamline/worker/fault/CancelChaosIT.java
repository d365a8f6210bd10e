package io.beamline.worker.fault;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.HangingFileSystem;
import io.beamline.worker.support.MachineStalls;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.Operator;
import io.beamline.worker.support.RandomCases;
import io.beamline.worker.support.RandomValues;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WireMessage;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/**
 * Ten thousand steps are cancelled wherever they are, while their workers are killed, drained and
 * restarted and the file system hangs now and then (W3-3, contract section 5). Another tenant has
 * steps of the same runs and flows, which nobody touches.
 *
 * <p>The 99th percentile that is asserted is the workers' own, from {@code
 * worker_cancellation_seconds}: from the receipt of a request by the worker that has the step. Each
 * worker is asked for it just before it is struck, and at the end. The times from outside, which
 * are printed beside it, run from the publication of a request to the arrival of the result, over
 * the steps that were with a worker which nobody struck meanwhile.
 */
@Tag("long")
class CancelChaosIT {

  private static final Duration SOON = Duration.ofMinutes(2);
  private static final Duration SPAN = Duration.ofSeconds(110);
  private static final int WORKERS = 3;
  private static final int CPU_SLOTS = 8;
  private static final int IO_SLOTS = 16;

  /**
   * How long after its result the server may still see a request of a cancelled step: far less than
   * the step would wait for its next attempt.
   */
  private static final long CLOSED_WITHIN_MS = CancelTraffic.BACKOFF_MS / 2;

  private final List<String> linesAboutRequests = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  private final CancelTimes times = new CancelTimes();
  private final Strikes strikes = new Strikes();

  private HangingFileSystem disk;
  private NatsServer nats;
  private MisbehavingHttpServer server;
  private CancelPages pages;
  private RouterStandIn router;
  private CancelClock clock;
  private Fleet fleet;

  @BeforeEach
  void start() throws IOException {
    disk = HangingFileSystem.mount("--write-rate=4M");
    Files.writeString(disk.backing().resolve(CancelTraffic.KNOWN), "k".repeat(50_000));
    nats = NatsServer.start();
    server = MisbehavingHttpServer.start();
    pages = new CancelPages(server);
    router = RouterStandIn.connect(nats.url());
    clock = new CancelClock(nats);
    fleet = Fleet.start(WORKERS, this::worker);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part :
        Stream.of(fleet, clock, router, server, nats, disk).filter(part -> part != null).toList()) {
      part.close();
    }
  }

  @RandomCases(1)
  void endsEachOfTenThousandOnceAndNobodyElses(RandomValues random) throws IOException {
    long began = System.nanoTime();
    assertTellsNothingOfTheNeighbour();
    try (MachineStalls stalls = MachineStalls.watch();
        CancelTraffic traffic = new CancelTraffic(router, pages, disk.root(), random)) {
      traffic.start(SPAN);
      for (int turn = 0; !traffic.isDone(); turn++) {
        strike(turn, random);
      }
      traffic.join();
      awaitReady();
      settle(traffic);
      for (int place = 0; place < WORKERS; place++) {
        times.add(fleet.get(place));
        keepLines(fleet.get(place));
      }
      Lag outside = outside(traffic);
      Lag closing = closing();
      System.out.printf(
          "%d steps cancelled of %d that were asked for (%s), by type and stage %s; %s; by the"
              + " workers' histogram %d measured, p50 <= %d ms, p99 <= %d ms, %.2f %% within"
              + " 100 ms; from outside %s;"
              + " connections closed after the result: %s; %d steps of the neighbour; longest stall"
              + " of the machine %d ms; %d s%n",
          cancelled(traffic).size(),
          traffic.endless().size() + traffic.files().size(),
          traffic.plan(),
          stages(traffic),
          strikes,
          times.count(),
          times.percentileMs(50),
          times.percentileMs(99),
          times.percentWithin(100),
          outside,
          closing,
          traffic.neighbours().size(),
          stalls.longestMs(),
          TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));

      assertThat(strikes.complaints()).isEmpty();
      assertEndedOnce(traffic);
      assertNothingWentOn(traffic, closing, stalls.longestMs());
      assertNeighbourUntouched(traffic);
      assertThat(times.count()).as("measured").isGreaterThan(9_000);
      assertThat(times.percentileMs(99)).isLessThanOrEqualTo(100 + stalls.longestMs());
    }
    assertEverySlotIsFree();
    router.assertClean();
    assertThat(errors).isEmpty();
  }

  /** Kills a worker, drains one, or lets the file system hang. A worker is then replaced. */
  private void strike(int turn, RandomValues random) {
    Pause.of(Duration.ofMillis(random.between(500, 2_000)));
    int place = random.nextInt(WORKERS);
    switch (turn % 3) {
      case 0 -> {
        leaving(place).kill9();
        replace(place);
        strikes.count("kills", 1);
      }
      case 1 -> {
        WorkerProcess leaver = leaving(place);
        leaver.sigterm();
        strikes.check(leaver.awaitExit(SOON) == 143, "a drain ended with " + leaver.exitCode());
        replace(place);
        strikes.count("drains", 1);
      }
      default -> {
        disk.hang();
        Pause.of(Duration.ofMillis(random.between(500, 1_500)));
        disk.wake();
        strikes.count("hangs of the file system", 1);
      }
    }
  }

  /** Takes down the times of a worker that is about to be struck; the others are ready. */
  private WorkerProcess leaving(int place) {
    awaitReady();
    WorkerProcess leaver = fleet.get(place);
    times.add(leaver);
    clock.struck(name(place));
    return leaver;
  }

  private void replace(int place) {
    keepLines(fleet.get(place));
    WorkerProcess unused = fleet.replace(place);
  }

  private void awaitReady() {
    for (int place = 0; place < WORKERS; place++) {
      WorkerProcess unused = fleet.get(place).awaitReady();
    }
  }

  private void keepLines(WorkerProcess worker) {
    worker.stdout().stream()
        .filter(line -> line.contains("ancel"))
        .forEach(linesAboutRequests::add);
    errors.addAll(worker.stderr());
  }

  private void settle(CancelTraffic traffic) {
    router.awaitAll(traffic.all(), SOON);
    await(() -> router.streams().unacknowledgedAssignments() == 0);
    await(() -> sum("worker_unfinished_assignments") == 0);
    await(() -> sum("worker_active_tasks") == 0);
    await(() -> sum("worker_fs_stuck_threads") == 0);
    await(() -> pages.hanging() == 0 && server.open() <= WORKERS * IO_SLOTS);
    await(() -> temporaryFiles().isEmpty());
  }

  /**
   * The streams have one result for each assignment, and each step that waits for it is cancelled.
   */
  private void assertEndedOnce(CancelTraffic traffic) {
    Map<String, Long> results =
        router.streams().storedResults().stream()
            .collect(groupingBy(result -> result.text("assignment_id"), counting()));
    assertThat(traffic.all()).allMatch(id -> results.getOrDefault(id, 0L) == 1);
    assertThat(router.streams().storedDeadLetters()).isEmpty();
    assertThat(traffic.endless()).hasSize(10_000).allMatch(id -> status(id).equals("cancelled"));
    assertThat(traffic.files()).allMatch(id -> status(id).matches("cancelled|success"));
    assertThat(stages(traffic).keySet())
        .contains(
            "fs.blob_get undelivered",
            "fs.blob_put running",
            "fs.blob_put undelivered",
            "http.request queued",
            "http.request running",
            "http.request undelivered",
            "http.request waiting",
            "sleep queued",
            "sleep running",
            "sleep undelivered");
  }

  /**
   * No connection outlived the result of its step for long, and no request came long after it; a
   * step that waits for its next attempt would make one. A file is there as a whole, or not at all.
   */
  private void assertNothingWentOn(CancelTraffic traffic, Lag closing, long stalledMs)
      throws IOException {
    assertThat(closing.maxMs()).isLessThanOrEqualTo(CLOSED_WITHIN_MS + stalledMs);
    for (String id : traffic.files()) {
      Path file = disk.backing().resolve(id);
      if (Files.exists(file)) {
        assertThat(file).hasContent(CancelTraffic.CONTENT);
      }
    }
  }

  private void assertNeighbourUntouched(CancelTraffic traffic) {
    assertThat(traffic.neighbours()).allMatch(id -> status(id).equals("success"));
    assertThat(Stream.concat(traffic.endless().stream(), traffic.files().stream()))
        .allMatch(id -> !said(router.answer(id)).contains(CancelTraffic.NEIGHBOUR));
    assertThat(linesAboutRequests)
        .anyMatch(line -> line.contains("Step cancelled"))
        .noneMatch(line -> line.contains(CancelTraffic.NEIGHBOUR));
  }

  /** Whether a neighbour has such an assignment or nobody: the answers are the same. */
  private void assertTellsNothingOfTheNeighbour() {
    Assignments theirs = Assignments.sleep(2_000).tenant("the-" + CancelTraffic.NEIGHBOUR);
    String run = UUID.randomUUID().toString();
    theirs.correlated().json().withObject("correlation").put("run_id", run);
    String id = router.assign(theirs);
    await(() -> sum("worker_active_tasks") == 1);
    for (int place = 0; place < WORKERS; place++) {
      Operator operator = new Operator(fleet.get(place));
      String nobodys = "a-" + UUID.randomUUID();
      assertThat(asked(operator, id).replace(id, "ID"))
          .contains("\"published\":true")
          .isEqualTo(asked(operator, nobodys).replace(nobodys, "ID"));
      assertThat(operator.get("/actuator/assignments?tenant_id=" + CancelTraffic.ASKER).body())
          .contains("\"count\":0")
          .doesNotContain(CancelTraffic.NEIGHBOUR, id);
    }
    router.cancel(CancelTraffic.ASKER, "run_id", run);
    assertThat(router.awaitResult(id, SOON).status()).isEqualTo("success");
  }

  private static String asked(Operator operator, String id) {
    String body = "{\"cancel\": true, \"tenant_id\": \"" + CancelTraffic.ASKER + "\"}";
    return operator.post("/actuator/assignments/" + id, body).body();
  }

  /**
   * A run takes every slot of each worker, one worker after another while the others are paused;
   * when it is cancelled, all are free for others.
   */
  private void assertEverySlotIsFree() {
    String run = UUID.randomUUID().toString();
    List<String> ids = new ArrayList<>();
    List<Double> all = List.of((double) CPU_SLOTS, (double) IO_SLOTS);
    for (int place = 0; place < WORKERS; place++) {
      WorkerProcess worker = fleet.get(place);
      onlyOneTakes(worker);
      ids.addAll(router.assignAll(stepsOf(run)));
      await(() -> slotsInUse(worker).equals(all));
    }
    for (int place = 0; place < WORKERS; place++) {
      assertThat(slotsInUse(fleet.get(place))).isEqualTo(all);
      pause(fleet.get(place), false);
    }
    assertThat(pages.hanging()).isEqualTo((long) WORKERS * IO_SLOTS);
    router.cancel(CancelTraffic.ASKER, "run_id", run);
    router.awaitAll(ids, SOON);
    assertThat(ids).allMatch(id -> status(id).equals("cancelled"));
    await(() -> sum("worker_active_tasks") == 0);
    List<String> others =
        router.assignAll(Stream.generate(Assignments::echo).limit(ids.size()).toList());
    router.awaitAll(others, SOON);
    assertThat(others).allMatch(id -> status(id).equals("success"));
  }

  /** Pauses the others. A worker that was just paused still takes what its open pulls get. */
  private void onlyOneTakes(WorkerProcess worker) {
    for (int place = 0; place < WORKERS; place++) {
      pause(fleet.get(place), true);
    }
    await(() -> router.streams().consumer().getNumWaiting() == 0);
    pause(worker, false);
  }

  /** Twice as many as a worker has slots for. */
  private List<Assignments> stepsOf(String run) {
    Stream<Assignments> sleeping =
        Stream.generate(() -> Assignments.sleep(600_000)).limit(2 * CPU_SLOTS);
    Stream<Assignments> hanging =
        Stream.generate(() -> Assignments.http(pages.url("hang", run))).limit(2 * IO_SLOTS);
    List<Assignments> steps = Stream.concat(sleeping, hanging).toList();
    for (Assignments step : steps) {
      step.deadlineMs(600_000).correlated();
      step.json().withObject("correlation").put("run_id", run);
    }
    return steps;
  }

  private static void pause(WorkerProcess worker, boolean paused) {
    assertThat(
            new Operator(worker)
                .post("/actuator/intake", "{\"paused\": " + paused + "}")
                .statusCode())
        .isEqualTo(200);
  }

  /** The slots of a worker in which an attempt runs: those of the pool cpu, and of io. */
  private static List<Double> slotsInUse(WorkerProcess worker) {
    return Stream.of("cpu", "io")
        .map(pool -> worker.metric("worker_active_tasks", "resource_pool=\"" + pool + "\""))
        .toList();
  }

  private List<String> cancelled(CancelTraffic traffic) {
    return Stream.concat(traffic.endless().stream(), traffic.files().stream())
        .filter(id -> status(id).equals("cancelled"))
        .toList();
  }

  /** How many were cancelled of each type in each stage. */
  private Map<String, Long> stages(CancelTraffic traffic) {
    return cancelled(traffic).stream()
        .map(id -> router.answer(id).resultJson())
        .collect(
            groupingBy(
                result ->
                    result.at("/job/type").stringValue("")
                        + " "
                        + result.at("/error/details/stage").stringValue(""),
                TreeMap::new,
                counting()));
  }

  private Lag outside(CancelTraffic traffic) {
    return Lag.of(
        cancelled(traffic).stream()
            .filter(traffic.asked()::containsKey)
            .mapToLong(id -> clock.outsideNanos(id, traffic.asked().getOrDefault(id, 0L)))
            .filter(nanos -> nanos >= 0));
  }

  private Lag closing() {
    return Lag.of(
        pages.exchanges().stream()
            .filter(exchange -> status(exchange.assignmentId).equals("cancelled"))
            .mapToLong(
                exchange -> Math.max(0, exchange.closedNanos - ended(exchange.assignmentId))));
  }

  private long ended(String id) {
    Long nanos = clock.endedNanos(id);
    return nanos == null ? Long.MAX_VALUE : nanos;
  }

  private String status(String id) {
    return router.answer(id).status();
  }

  private static String said(Answer answer) {
    return Stream.concat(answer.ack().stream(), answer.result().stream())
        .map(WireMessage::json)
        .map(String::valueOf)
        .toList()
        .toString();
  }

  private double sum(String metric) {
    double sum = 0;
    for (int place = 0; place < WORKERS; place++) {
      sum += fleet.get(place).metric(metric);
    }
    return sum;
  }

  private List<Path> temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.walk(disk.backing())) {
      return files.filter(file -> file.toString().endsWith(".tmp")).toList();
    }
  }

  private WorkerProcess.Builder worker(int place) {
    return WorkerProcess.of(nats.url())
        .env("WORKER_ID", name(place))
        .env("CP2_ADVANCED_RETRY_ENABLED", "true")
        .env("CP2_COMPLETE_TIMEOUT_ENABLED", "true")
        .env("CP2_CANCELLATION_ENABLED", "true")
        .env("WORKER_POOLS_CPU_CONCURRENCY", String.valueOf(CPU_SLOTS))
        .env("WORKER_POOLS_IO_CONCURRENCY", String.valueOf(IO_SLOTS))
        .env("WORKER_BLOCKS_FS_ROOTS", disk.root().toString())
        .env("WORKER_NATS_ACK_WAIT", "5s")
        .env("WORKER_NATS_MAX_ACK_PENDING", "300")
        .env("WORKER_SHUTDOWN_GRACE", "2s");
  }

  private static String name(int place) {
    return "worker-" + place;
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(SOON).pollInterval(100, TimeUnit.MILLISECONDS).until(condition);
  }

  /** Times of many steps, ascending, in ns. */
  private record Lag(List<Long> sorted) {

    static Lag of(LongStream nanos) {
      return new Lag(nanos.sorted().boxed().toList());
    }

    long maxMs() {
      return percentileMs(100);
    }

    private long percentileMs(int percent) {
      return sorted.isEmpty()
          ? 0
          : TimeUnit.NANOSECONDS.toMillis(sorted.get((sorted.size() - 1) * percent / 100));
    }

    @Override
    public String toString() {
      return "%d measured, p50 %d ms, p99 %d ms, max %d ms"
          .formatted(sorted.size(), percentileMs(50), percentileMs(99), maxMs());
    }
  }
}
