package io.beamline.worker.block.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.support.HangingFileSystem;
import io.beamline.worker.support.MachineStalls;
import io.beamline.worker.timeout.OperationTimeouts;
import io.beamline.worker.timeout.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** File operations on a file system that hangs for real (W3-2.1). */
@Timeout(60)
class HangingFilesTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final long TIMEOUT_MS = 200;
  private static final long LATE_MS = 100;
  private static final Content LARGE = content("new content".repeat(2_000_000));

  private static final ReadLimits ANY_SIZE = new ReadLimits(1_000, 1 << 20, 1 << 30);

  private static HangingFileSystem disk;

  private Fixture files;

  @BeforeAll
  static void mount() {
    disk = HangingFileSystem.mount("--write-rate=20M");
  }

  @AfterAll
  static void unmount() {
    if (disk != null) {
      disk.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    files = Fixture.over(disk.root());
    files.overwrite("file", "old");
  }

  @AfterEach
  void stop() {
    disk.wake();
    files.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyAccessToTheFileIsInsideTheTimeout(OperationKind kind) throws Exception {
    FileOperation<?> operation = operation(kind);
    disk.hang();

    assertTimesOut(kind, operation);

    assertThat(files.service.stuckThreads()).isEqualTo(1);
    disk.wake();
    awaitNothingStuck();
    assertThat(disk.backing().resolve("file")).hasContent("old");
    assertThat(files.get("file").get("content")).isEqualTo("old");
  }

  /** No thread but the file's own may touch what hangs, not even by an interrupt that closes it. */
  @Test
  void aPutThatHangsInTheMiddleLetsItsCallerGoAndLeavesTheOldContent() throws Exception {
    try (MachineStalls stalls = MachineStalls.watch()) {
      FutureTask<StepError> put = error(limit(OperationKind.WRITE, 2_000), large());
      hangInTheMiddleOf(put);
      long before = System.nanoTime();

      assertThat(put.get(10, SECONDS).code()).isEqualTo(ErrorCode.CANCELLED_BY_TIMEOUT);

      assertThat(millisSince(before)).isLessThanOrEqualTo(2_000 + LATE_MS + stalls.longestMs());
    }
    disk.wake();
    awaitNothingStuck();
    assertThat(Fixture.names(disk.backing())).containsExactly("file");
    assertThat(disk.backing().resolve("file")).hasContent("old");
  }

  @Test
  void endsWhileAPutHangsInTheMiddle() throws Exception {
    TimeLimit none = new TimeLimit(OperationKind.WRITE, OperationTimeouts.UNLIMITED, false);
    PutFile put = large();
    FutureTask<Boolean> caller = new FutureTask<>(() -> isInterrupted(none, put));
    Thread thread = Thread.ofPlatform().daemon().start(caller);
    hangInTheMiddleOf(caller);

    thread.interrupt();
    assertThat(caller.get(5, SECONDS)).isTrue();
    FutureTask<Void> closing = new FutureTask<>(files.service::close, null);
    Thread.ofPlatform().daemon().start(closing);
    closing.get(5, SECONDS);

    disk.wake();
    awaitNothingStuck();
    assertThat(Fixture.names(disk.backing())).containsExactly("file");
    assertThat(disk.backing().resolve("file")).hasContent("old");
  }

  @Test
  void aPutGivenUpMakesNoFolderWhenItComesBack() throws Exception {
    PutFile put = files.putOperation("new/deep/file", content("new"), true);
    disk.hang();

    assertTimesOut(OperationKind.WRITE, put);

    disk.wake();
    awaitNothingStuck();
    assertThat(Fixture.names(disk.backing())).containsExactly("file");
  }

  @Test
  void aRootThatHangsDoesNotHoldUpTheCleaningOfOthers(@TempDir Path healthy) throws Exception {
    TempName earlier =
        new TempName(
            TempName.next(Fixture.WORKER).worker(), "0123456789abcdef", "0123456789abcdef");
    Path here = Files.createFile(healthy.resolve(earlier.path()));
    Path there = Files.createFile(disk.backing().resolve(earlier.path()));
    disk.hang();

    PermittedRoots roots = new PermittedRoots(List.of(disk.root(), healthy));
    try (LeftoverCleaner cleaner =
        new LeftoverCleaner(roots, Fixture.WORKER, TimeSource.system())) {
      cleaner.start();
      await().atMost(SOON).until(() -> Files.notExists(here));
      assertThat(there).exists();
      disk.wake();
      await().atMost(SOON).until(() -> Files.notExists(there));
    }
  }

  private void assertTimesOut(OperationKind kind, FileOperation<?> operation) throws Exception {
    try (MachineStalls stalls = MachineStalls.watch()) {
      long before = System.nanoTime();
      StepError error = error(limit(kind, TIMEOUT_MS), operation).get(10, SECONDS);

      assertThat(error.code()).isEqualTo(ErrorCode.CANCELLED_BY_TIMEOUT);
      assertThat(millisSince(before))
          .isBetween(TIMEOUT_MS, TIMEOUT_MS + LATE_MS + stalls.longestMs());
    }
  }

  private FileOperation<?> operation(OperationKind kind) throws Exception {
    PermittedRoots.FileLocation file = files.roots.locate("file");
    RealPaths paths = new RealPaths(files.roots);
    return switch (kind) {
      case READ -> new GetFile(paths, file, ANY_SIZE, files.memory.newReservation());
      case WRITE -> files.putOperation("file", content("new"), true);
      case DELETE -> new DeleteFile(paths, file);
    };
  }

  private PutFile large() throws Exception {
    return files.putOperation("file", LARGE, true);
  }

  private void hangInTheMiddleOf(FutureTask<?> put) {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> put.isDone() || isHalfWritten());
    disk.hang();
    assertThat(put).isNotDone();
  }

  private static boolean isHalfWritten() throws IOException {
    try (Stream<Path> entries = Files.list(disk.backing())) {
      return entries.anyMatch(HangingFilesTest::isHalfWritten);
    }
  }

  private static boolean isHalfWritten(Path file) {
    return TempName.matches(file.getFileName()) && file.toFile().length() > 0;
  }

  private boolean isInterrupted(TimeLimit limit, FileOperation<?> operation) {
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> files.service.run(limit, "file", "/data", operation));
    return true;
  }

  private FutureTask<StepError> error(TimeLimit limit, FileOperation<?> operation) {
    FutureTask<StepError> caller =
        new FutureTask<>(
            () -> Fixture.error(() -> files.service.run(limit, "file", "/data", operation)));
    Thread.ofPlatform().daemon().start(caller);
    return caller;
  }

  private void awaitNothingStuck() {
    await().atMost(SOON).until(() -> files.service.stuckThreads() == 0);
  }

  private static TimeLimit limit(OperationKind kind, long millis) {
    return new TimeLimit(kind, Duration.ofMillis(millis), false);
  }

  private static Content content(String text) {
    return new Content(UTF_8.encode(text));
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }
}
