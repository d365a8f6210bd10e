package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FeatureSwitch;
import io.beamline.worker.support.HangingFileSystem;
import io.beamline.worker.support.MachineStalls;
import io.beamline.worker.support.MisbehavingHttpServer;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The built jar with a blob root that hangs for real (W3-2.1). */
@Timeout(180)
class HungFileSystemIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String FLAG = "CP2_COMPLETE_TIMEOUT_ENABLED";
  private static final int THREADS = 32;
  private static final int ROUNDS = 3;
  private static final int ANSWER_MS = 20;
  private static final long LATE = 100;
  private static final String LARGE = "n".repeat(200_000);
  private static final Map<String, Long> TIMEOUTS =
      Map.of("fs.blob_get", 300L, "fs.blob_put", 400L, "fs.blob_delete", 300L);

  private static Path healthy;
  private static HangingFileSystem disk;
  private static NatsServer nats;
  private static WorkerProcess worker;
  private static RouterStandIn router;
  private static MisbehavingHttpServer server;

  @BeforeAll
  static void start(@TempDir Path folder) {
    healthy = folder;
    disk = HangingFileSystem.mount("--write-rate=4M");
    nats = NatsServer.start();
    router = RouterStandIn.connect(nats.url());
    server = MisbehavingHttpServer.start();
    server.always(slowly());
    worker = start(nats);
    for (int i = 0; i < 5; i++) { // The first steps of a fresh JVM are slow in themselves.
      String path = healthy.resolve("warm" + i).toString();
      router.awaitResult(router.assign(Assignments.put(path, LARGE)), SOON);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable part : Arrays.asList(worker, router, nats, server, disk)) {
      if (part != null) {
        part.close();
      }
    }
  }

  @AfterEach
  void wake() {
    disk.wake();
    new FeatureSwitch(worker).set(FLAG, true);
    awaitStuck(worker, 0);
    router.assertClean();
  }

  /**
   * In a burst the first file steps that hang hold all slots until their timeout, once; apart from
   * that HTTP keeps its throughput.
   */
  @Test
  void fileStepsEndInTimeAndHttpKeepsItsThroughput() throws IOException {
    List<Double> healthySeconds = new ArrayList<>();
    List<Double> hungSeconds = new ArrayList<>();
    mixed("warm").run(router);
    long threads = threads("");
    for (int round = 0; round < ROUNDS; round++) {
      healthySeconds.add(MixedSteps.httpSeconds(mixed("healthy" + round).run(router)));
      hungSeconds.add(MixedSteps.httpSeconds(hung(mixed("hung" + round))));
      assertWorks(disk.root());
      assertWorks(healthy);
    }

    System.out.printf("200 HTTP steps took %s s, beside a hang %s%n", healthySeconds, hungSeconds);
    double once = Collections.max(TIMEOUTS.values()) / 1000.0;
    assertThat(median(hungSeconds)).isLessThanOrEqualTo(median(healthySeconds) / 0.9 + once);
    assertThat(threads("")).isLessThanOrEqualTo(threads + THREADS / 2);
  }

  /** HTTP steps that come at a steady pace have all their throughput, as if they were alone. */
  @Test
  void aSteadyFlowOfHttpDoesNotNoticeTheHang() throws IOException {
    double alone = MixedSteps.httpRate(mixed("alone").flow(router, true));
    MixedSteps steps = mixed("flow");
    disk.hang();
    List<JsonNode> results = steps.flow(router, false);

    double beside = MixedSteps.httpRate(results);
    System.out.printf("HTTP steps a second alone %.1f, beside a hang %.1f%n", alone, beside);
    assertThat(results).hasSize(700);
    assertThat(results)
        .filteredOn(MixedSteps::isHttp)
        .allMatch(result -> result.path("status").stringValue("").equals("success"));
    assertThat(beside).isGreaterThanOrEqualTo(0.9 * alone);
  }

  @Test
  void aHangInTheMiddleOfPutsLeavesOldOrWholeNewContents() throws IOException {
    String old = "o".repeat(LARGE.length());
    Path folder = Files.createDirectory(disk.backing().resolve("large"));
    try (MachineStalls stalls = MachineStalls.watch()) {
      List<String> ids = halfWay(folder, old);
      router.awaitAll(ids, SOON);
      results(ids).forEach(result -> assertEndsInTime(result, stalls.longestMs()));
      disk.wake();
      awaitStuck(worker, 0);

      for (int i = 0; i < ids.size(); i++) {
        String content = Files.readString(folder.resolve("file" + i));
        boolean done = router.answer(ids.get(i)).status().equals("success");
        assertThat(content.equals(LARGE) || (!done && content.equals(old))).isTrue();
      }
    }
    assertThat(leftovers()).isEmpty();
  }

  /** Puts that hang half-way: as often as the hang comes too late for all of them, once more. */
  private static List<String> halfWay(Path folder, String old) throws IOException {
    for (int tries = 0; tries < 20; tries++) {
      List<Assignments> puts = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        Files.writeString(folder.resolve("file" + i), old);
        puts.add(Assignments.put(path("large/file" + i), LARGE));
      }
      List<String> ids = router.assignAll(puts);
      Awaitility.await()
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> !leftovers().isEmpty() || router.unanswered(ids).isEmpty());
      disk.hang();
      if (!leftovers().isEmpty()) {
        return ids;
      }
      disk.wake();
      router.awaitAll(ids, SOON);
    }
    throw new AssertionError("no hang came in the middle of a put");
  }

  /** It hangs before its end, so that nothing can be done yet. No timeout may end it first. */
  @Test
  void aPutCancelledInTheMiddleLeavesTheOldContentAndNoTemporaryFile() throws IOException {
    new FeatureSwitch(worker).set(FLAG, false);
    Path folder = Files.createDirectory(disk.backing().resolve("cancelled"));
    String id = inTheMiddle(folder.resolve("file"), "old");

    router.cancel("tenant-a", "assignment_id", id);

    Answer answer = router.awaitResult(id, SOON);
    assertThat(answer.status()).isEqualTo("cancelled");
    JsonNode details = answer.resultJson().at("/error/details");
    assertThat(details.path("stage").stringValue("")).isEqualTo("running");
    assertThat(details.path("effect").stringValue("")).isEqualTo("unknown");
    Awaitility.await("its slot is free").atMost(SOON).until(() -> active() == 0);
    awaitStuck(worker, 1);
    assertThat(leftovers()).hasSize(1);
    disk.wake();
    awaitStuck(worker, 0);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve("file"));
    }
    assertThat(folder.resolve("file")).hasContent("old");
    assertWorks(disk.root());
  }

  /** Puts a file until a put hangs that has begun to write, but not ended. Returns its id. */
  private static String inTheMiddle(Path file, String old) throws IOException {
    String whole = LARGE.repeat(4);
    for (int tries = 0; tries < 200; tries++) {
      Files.writeString(file, old);
      String id = router.assign(Assignments.put(path("cancelled/file"), whole));
      Awaitility.await()
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> !leftovers().isEmpty() || router.answer(id).results() > 0);
      disk.hang();
      if (!leftovers().isEmpty() && written() < whole.length()) {
        return id;
      }
      disk.wake();
      router.awaitResult(id, SOON);
    }
    throw new AssertionError("no hang came in the middle of a put");
  }

  @Test
  void aDeadlineBeforeTheTimeoutEndsTheStep() {
    try (MachineStalls stalls = MachineStalls.watch()) {
      disk.hang();

      String id = router.assign(Assignments.get(path("any")).deadlineMs(150));

      JsonNode result = router.awaitResult(id, SOON).resultJson();
      assertThat(result.path("error").path("details").path("timeout_type").stringValue(""))
          .isEqualTo("total");
      assertThat(result.path("elapsed_ms").longValue())
          .isBetween(150L, 150 + LATE + stalls.longestMs());
    }
  }

  /** CP1 knows no timeout for files: its steps wait as long as it takes, and nothing is lost. */
  @Test
  void aSwitchWhileStepsHangLeavesEachUnderItsOwnSetting() throws IOException {
    FeatureSwitch flags = new FeatureSwitch(worker);
    Files.writeString(disk.backing().resolve("present"), "here");
    flags.set(FLAG, false);
    disk.hang();
    List<String> waiting =
        router.assignAll(
            IntStream.range(0, 10).mapToObj(i -> Assignments.get(path("present"))).toList());
    List<String> http =
        router.assignAll(
            Stream.generate(() -> Assignments.http(server.url("/"))).limit(40).toList());
    router.awaitAll(http, SOON);
    assertThat(http).allMatch(id -> router.answer(id).status().equals("success"));

    flags.set(FLAG, true);
    Answer cut = router.awaitResult(router.assign(Assignments.get(path("present"))), SOON);

    assertThat(cut.status()).isEqualTo("timeout");
    assertThat(router.unanswered(waiting)).hasSize(10);
    assertThat(worker.ready()).isTrue();
    disk.wake();
    router.awaitAll(waiting, SOON);
    assertThat(waiting.stream().map(router::answer))
        .allMatch(answer -> answer.status().equals("success"))
        .allMatch(
            answer -> answer.result().orElseThrow().header("cp_phase").equals(Optional.of("cp1")));
  }

  @Test
  void slotsThatAllHangInCp1AreFreeAgainOnceTheFileSystemWakes() throws IOException {
    new FeatureSwitch(worker).set(FLAG, false);
    Files.writeString(disk.backing().resolve("present"), "here");
    disk.hang();
    List<Assignments> steps = new ArrayList<>();
    IntStream.range(0, 2 * THREADS).forEach(i -> steps.add(Assignments.get(path("present"))));
    IntStream.range(0, 10).forEach(i -> steps.add(Assignments.http(server.url("/"))));
    List<String> ids = router.assignAll(steps);
    Awaitility.await().atMost(SOON).until(() -> active() == THREADS);
    assertThat(worker.ready()).isTrue();
    assertThat(router.unanswered(ids)).hasSize(steps.size());

    disk.wake();

    router.awaitAll(ids, SOON);
    assertThat(ids).allMatch(id -> router.answer(id).status().equals("success"));
  }

  /** The mixed steps while the file system hangs. */
  private static List<JsonNode> hung(MixedSteps steps) throws IOException {
    List<JsonNode> results;
    try (MachineStalls stalls = MachineStalls.watch()) {
      disk.hang();
      results = steps.run(router);
      results.stream()
          .filter(result -> !MixedSteps.isHttp(result))
          .forEach(result -> assertEndsInTimeOrFailsFast(result, stalls.longestMs()));
    }
    awaitStuck(worker, THREADS);
    assertThat(threads("file-")).isLessThanOrEqualTo(THREADS + 2); // two clean the roots
    disk.wake();
    awaitStuck(worker, 0);
    assertThat(steps.broken()).isEmpty();
    assertThat(leftovers()).isEmpty();
    return results;
  }

  private static void assertEndsInTimeOrFailsFast(JsonNode result, long stalledMs) {
    if (result.path("error_code").stringValue("").equals("RESOURCE_UNAVAILABLE")) {
      assertThat(result.path("latency_ms").longValue()).isLessThanOrEqualTo(LATE + stalledMs);
      assertThat(result.path("retries_used").intValue()).isZero();
    } else {
      assertThat(result.path("status").stringValue("")).isEqualTo("timeout");
      assertEndsInTime(result, stalledMs);
    }
  }

  private static void assertEndsInTime(JsonNode result, long stalledMs) {
    String type = result.path("job").path("type").stringValue("");
    assertThat(result.path("latency_ms").longValue())
        .isLessThanOrEqualTo(TIMEOUTS.getOrDefault(type, 0L) + LATE + stalledMs);
  }

  private static void assertWorks(Path root) {
    String file = root.resolve("again").toString();
    for (Assignments step :
        List.of(Assignments.put(file, "x"), Assignments.get(file), Assignments.delete(file))) {
      assertThat(router.awaitResult(router.assign(step), SOON).status()).isEqualTo("success");
    }
  }

  private static MixedSteps mixed(String name) throws IOException {
    Path folder = disk.root().resolve(name);
    return new MixedSteps(folder, disk.backing().resolve(name), server.url("/")).prepare();
  }

  private static List<JsonNode> results(List<String> ids) {
    return ids.stream().map(id -> router.answer(id).resultJson()).toList();
  }

  private static String path(String name) {
    return disk.root().resolve(name).toString();
  }

  private static List<Path> leftovers() throws IOException {
    try (Stream<Path> files = Files.walk(disk.backing())) {
      return files.filter(file -> file.toString().endsWith(".tmp")).toList();
    }
  }

  /** The bytes in temporary files. */
  private static long written() throws IOException {
    return leftovers().stream().mapToLong(file -> file.toFile().length()).sum();
  }

  private static double active() {
    return worker.metric("worker_active_tasks", "resource_pool=\"io\"");
  }

  private static void awaitStuck(WorkerProcess worker, int threads) {
    Awaitility.await(threads + " stuck file threads")
        .atMost(SOON)
        .until(() -> worker.metric("worker_fs_stuck_threads") == threads);
  }

  /** The worker's threads whose name begins so, as the kernel counts them. */
  private static long threads(String name) throws IOException {
    Path tasks = Path.of("/proc", String.valueOf(worker.pid()), "task");
    try (Stream<Path> all = Files.list(tasks)) {
      return all.filter(task -> name(task).startsWith(name)).count();
    }
  }

  private static String name(Path task) {
    try {
      return Files.readString(task.resolve("comm"));
    } catch (IOException e) {
      return "it has ended";
    }
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  /** Answers after a while, as a server far away does. */
  private static Misbehaviour slowly() {
    Misbehaviour answer = Misbehaviour.answer(200, "late");
    return (request, socket) -> {
      socket.setSoTimeout(ANSWER_MS);
      try {
        return socket.getInputStream().read() >= 0;
      } catch (SocketTimeoutException e) { // the while
        socket.setSoTimeout(0);
        return answer.act(request, socket);
      }
    };
  }

  private static WorkerProcess start(NatsServer nats) {
    return WorkerProcess.of(nats.url())
        .env(FLAG, "true")
        .env("CP2_CANCELLATION_ENABLED", "true")
        .env("WORKER_BLOCKS_FS_ROOTS", disk.root() + "," + healthy)
        .env("WORKER_TIMEOUTS_FS_READ", TIMEOUTS.get("fs.blob_get") + "ms")
        .env("WORKER_TIMEOUTS_FS_WRITE", TIMEOUTS.get("fs.blob_put") + "ms")
        .env("WORKER_TIMEOUTS_FS_DELETE", TIMEOUTS.get("fs.blob_delete") + "ms")
        .start();
  }
}
