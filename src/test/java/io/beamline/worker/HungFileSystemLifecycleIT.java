package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.FeatureSwitch;
import io.beamline.worker.support.HangingFileSystem;
import io.beamline.worker.support.NatsServer;
import io.beamline.worker.support.RouterStandIn;
import io.beamline.worker.support.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Neither the start nor the end of a worker waits for a file system that hangs (W3-2.1). */
@Timeout(180)
@Tag("long")
class HungFileSystemLifecycleIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String FLAG = "CP2_COMPLETE_TIMEOUT_ENABLED";
  private static final String CONTENT = "n".repeat(900_000);
  private static final int GRACE_SECONDS = 2;
  private static final int FILES = 10;

  @Test
  void aWorkerStartsBesideItsKilledPredecessorAndEndsWhileAllThreadsAreStuck() throws IOException {
    try (NatsServer nats = NatsServer.start();
        RouterStandIn router = RouterStandIn.connect(nats.url());
        HangingFileSystem disk = HangingFileSystem.mount("--write-rate=20M")) {
      List<String> puts;
      try (WorkerProcess first = worker(nats, disk)) {
        puts = putAndKill(first, router, disk);
        try (WorkerProcess second = worker(nats, disk)) {
          disk.wake();
          first.awaitExit(SOON);
          router.awaitAll(puts, SOON);
          assertThat(puts).allMatch(id -> router.answer(id).status().equals("success"));
          awaitNoLeftovers(disk);
          assertThat(disk.backing().resolve("file0")).hasContent(CONTENT);

          disk.hang();
          endsWithAllThreadsInTheKernel(second, router);
        }
      } finally {
        disk.wake();
      }
      router.assertClean();
    }
  }

  /** Half-way puts keep the process in the kernel until the file system wakes. */
  private static List<String> putAndKill(
      WorkerProcess worker, RouterStandIn router, HangingFileSystem disk) throws IOException {
    List<String> puts =
        router.assignAll(
            IntStream.range(0, FILES)
                .mapToObj(i -> Assignments.put(disk.root().resolve("file" + i).toString(), CONTENT))
                .toList());
    Awaitility.await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> !leftovers(disk).isEmpty());
    disk.hang();
    assertThat(leftovers(disk)).isNotEmpty();
    ProcessHandle.of(worker.pid()).orElseThrow().destroyForcibly();
    return puts;
  }

  private static void endsWithAllThreadsInTheKernel(WorkerProcess worker, RouterStandIn router) {
    FeatureSwitch flags = new FeatureSwitch(worker);
    flags.set(FLAG, false);
    List<String> waiting = router.assignAll(reads(5));
    Awaitility.await().atMost(SOON).until(() -> worker.metric("worker_active_tasks") == 5);
    flags.set(FLAG, true);
    router.awaitAll(router.assignAll(reads(60)), SOON);
    assertThat(worker.metric("worker_fs_stuck_threads")).isEqualTo(27);

    worker.sigterm();

    assertThat(worker.awaitExit(Duration.ofSeconds(GRACE_SECONDS + 5))).isIn(0, 143);
    assertThat(router.unanswered(waiting)).as("given up, and handed back").hasSize(5);
    assertThat(router.streams().unacknowledgedAssignments()).isEqualTo(5);
  }

  private static List<Assignments> reads(int count) {
    return Stream.generate(() -> Assignments.get("file0").maxAttempts(1)).limit(count).toList();
  }

  private static void awaitNoLeftovers(HangingFileSystem disk) {
    Awaitility.await("no leftovers").atMost(SOON).until(() -> leftovers(disk).isEmpty());
  }

  private static List<Path> leftovers(HangingFileSystem disk) throws IOException {
    try (Stream<Path> files = Files.list(disk.backing())) {
      return files.filter(file -> file.toString().endsWith(".tmp")).toList();
    }
  }

  private static WorkerProcess worker(NatsServer nats, HangingFileSystem disk) {
    return WorkerProcess.of(nats.url())
        .env("WORKER_ID", "the-same")
        .env(FLAG, "true")
        .env("WORKER_NATS_ACK_WAIT", "5s")
        .env("WORKER_SHUTDOWN_GRACE", GRACE_SECONDS + "s")
        .env("WORKER_BLOCKS_FS_ROOTS", disk.root().toString())
        .env("WORKER_TIMEOUTS_FS_READ", "300ms")
        .env("WORKER_TIMEOUTS_FS_WRITE", "30s")
        .start();
  }
}
