package io.beamline.worker.block.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.StepError;
import io.beamline.worker.contract.StepStatus;
import io.beamline.worker.support.MachineStalls;
import io.beamline.worker.timeout.Deadline;
import io.beamline.worker.timeout.OperationTimeouts;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class FileServiceTest {

  private static final TimeLimit NONE =
      new TimeLimit(OperationKind.READ, OperationTimeouts.UNLIMITED, false);
  private static final TimeLimit SHORT =
      new TimeLimit(OperationKind.WRITE, Duration.ofMillis(50), false);
  private static final TimeLimit LONG =
      new TimeLimit(OperationKind.READ, Duration.ofSeconds(10), false);

  private final CountDownLatch gate = new CountDownLatch(1);
  private static final String ROOT = "/data";

  private final FileService service = new FileService(2);

  private final Path folder;

  FileServiceTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void letGo() {
    gate.countDown();
    service.close();
  }

  @Test
  void runsOnADaemonThreadOfItsOwn() throws Exception {
    Thread thread = service.run(LONG, "p", ROOT, progress -> Thread.currentThread());

    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.isVirtual()).isFalse();
    assertThat(thread.getName()).startsWith("file-");
  }

  @Test
  void passesOnWhatTheOperationThrows() {
    assertThat(error(NONE, failing(FileFailures.missing("p"))).message())
        .isEqualTo("The file does not exist");
    assertThat(
            error(
                    NONE,
                    progress -> {
                      throw new AccessDeniedException("p");
                    })
                .code())
        .isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                service.run(
                    NONE,
                    "p",
                    ROOT,
                    progress -> {
                      throw new IllegalStateException("defect");
                    }));
    assertThatExceptionOfType(StackOverflowError.class)
        .isThrownBy(
            () ->
                service.run(
                    LONG,
                    "p",
                    ROOT,
                    progress -> {
                      throw new StackOverflowError();
                    }));
  }

  @Test
  void aHangingOperationEndsAsATimeoutAndItsThreadCountsAsStuck() {
    StepError error = error(SHORT, this::hang);

    assertThat(error.code()).isEqualTo(ErrorCode.CANCELLED_BY_TIMEOUT);
    assertThat(error.status()).isEqualTo(StepStatus.TIMEOUT);
    assertThat(error.retryable()).isFalse();
    assertThat(error.details())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("operation_type", "fs_write", "timeout_type", "operation", "timeout_ms", 50L));
    assertThat(service.stuckThreads()).isEqualTo(1);
  }

  @Test
  void theDeadlineCutsEarlierThanTheTimeout() {
    OperationTimeouts timeouts = Fixture.fileTimeouts(Duration.ofSeconds(5));
    Deadline deadline = Deadline.after(0, Duration.ofMillis(30));

    TimeLimit limit = TimeLimit.of(OperationKind.DELETE, timeouts, deadline, 0);

    assertThat(error(limit, this::hang).details())
        .containsEntry("timeout_type", "total")
        .containsEntry("operation_type", "fs_delete")
        .containsEntry("timeout_ms", 30L);
    TimeLimit passed =
        TimeLimit.of(OperationKind.DELETE, timeouts, deadline, Duration.ofMillis(31).toNanos());
    AtomicBoolean ran = new AtomicBoolean();
    assertThat(error(passed, progress -> ran.getAndSet(true)).code())
        .isEqualTo(ErrorCode.CANCELLED_BY_TIMEOUT);
    assertThat(ran).isFalse();
  }

  @Test
  void failsFastWhileAllThreadsAreStuckAndRecoversByItself() throws Exception {
    error(SHORT, this::hang);
    error(SHORT, this::hang);
    assertThat(service.stuckThreads()).isEqualTo(2);

    StepFailure failure =
        catchThrowableOfType(
            StepFailure.class, () -> service.run(LONG, "p", ROOT, progress -> "never"));

    assertThat(failure.isRetryAllowed()).isFalse();
    StepError refused = failure.error();
    assertThat(refused.code()).isEqualTo(ErrorCode.RESOURCE_UNAVAILABLE);
    assertThat(refused.message()).isEqualTo("All file threads are stuck");
    assertThat(refused.retryable()).isTrue();

    gate.countDown();
    await().atMost(Duration.ofSeconds(5)).until(() -> service.stuckThreads() == 0);
    String again = service.run(LONG, "p", ROOT, progress -> "again");
    assertThat(again).isEqualTo("again");
  }

  @Test
  void withoutALimitAnOperationWaitsForAThread() throws Exception {
    error(SHORT, this::hang);
    error(SHORT, this::hang);
    FutureTask<String> waiting = inBackground(NONE, progress -> "at last");

    assertThat(error(SHORT, progress -> "never").message()).isEqualTo("All file threads are stuck");
    gate.countDown();

    assertThat(waiting.get(5, SECONDS)).isEqualTo("at last");
  }

  @Test
  void anOperationGivenUpInTheQueueNeverRunsAndIsNotStuck() {
    FutureTask<Boolean> first = inBackground(NONE, this::hang);
    FutureTask<Boolean> second = inBackground(NONE, this::hang);
    await().atMost(Duration.ofSeconds(5)).until(() -> running == 2);
    AtomicBoolean ran = new AtomicBoolean();

    assertThat(error(SHORT, progress -> ran.getAndSet(true)).code())
        .isEqualTo(ErrorCode.CANCELLED_BY_TIMEOUT);

    assertThat(service.stuckThreads()).isZero();
    gate.countDown();
    await().atMost(Duration.ofSeconds(5)).until(() -> first.isDone() && second.isDone());
    assertThat(ran).isFalse();
  }

  @Test
  void anInterruptAbandonsTheOperation() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    FutureTask<Boolean> caller =
        new FutureTask<>(
            () -> {
              assertThatExceptionOfType(InterruptedException.class)
                  .isThrownBy(
                      () ->
                          service.run(
                              NONE,
                              "p",
                              ROOT,
                              progress -> {
                                started.countDown();
                                return hang(progress);
                              }));
              return true;
            });
    Thread thread = Thread.ofPlatform().start(caller);
    started.await();

    thread.interrupt();

    assertThat(caller.get(5, SECONDS)).isTrue();
    assertThat(service.stuckThreads()).isEqualTo(1);
    gate.countDown();
    await().atMost(Duration.ofSeconds(5)).until(() -> service.stuckThreads() == 0);
  }

  @Test
  void aPutReportedAsTimedOutLeavesNothingBehind() throws Exception {
    try (Fixture files = Fixture.over(folder)) {
      files.put("file", "old");
      PutFile put = files.putOperation("file", new Content(UTF_8.encode("new")), true);
      CountDownLatch ended = new CountDownLatch(1);

      StepError error =
          error(
              SHORT,
              progress -> {
                try {
                  return put.run(hangingBeforeItsClaim(progress));
                } finally {
                  ended.countDown();
                }
              });
      gate.countDown();

      assertThat(error.code()).isEqualTo(ErrorCode.CANCELLED_BY_TIMEOUT);
      assertThat(ended.await(5, SECONDS)).isTrue();
      assertThat(Fixture.names(folder)).containsExactly("file");
      assertThat(folder.resolve("file")).hasContent("old");
    }
  }

  @Test
  void aDeleteReportedAsTimedOutDeletesNothing() throws Exception {
    try (Fixture files = Fixture.over(folder)) {
      files.put("file", "old");
      DeleteFile delete = new DeleteFile(new RealPaths(files.roots), files.roots.locate("file"));
      CountDownLatch ended = new CountDownLatch(1);

      error(
          SHORT,
          progress -> {
            try {
              return delete.run(hangingBeforeItsClaim(progress));
            } finally {
              ended.countDown();
            }
          });
      gate.countDown();

      assertThat(ended.await(5, SECONDS)).isTrue();
      assertThat(folder.resolve("file")).hasContent("old");
    }
  }

  @Test
  void aCommitThatHangsIsWaitedForOnlyALittle() {
    try (MachineStalls stalls = MachineStalls.watch()) {
      long before = System.nanoTime();

      StepError error = error(SHORT, this::claimAndWait);

      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isBetween(SHORT.time(), SHORT.time().plusMillis(100).plus(stalls.longest()));
      assertThat(error.code()).isEqualTo(ErrorCode.CANCELLED_BY_TIMEOUT);
    }
    assertThat(service.stuckThreads()).isEqualTo(1);
    gate.countDown();
    await().atMost(Duration.ofSeconds(5)).until(() -> service.stuckThreads() == 0);
  }

  @Test
  void theClaimDecidesBetweenTheTwoSides() throws Exception {
    FileTask<String> claimed =
        new FileTask<>(
            this::claimAndWait, new StuckThreads(new AtomicInteger(), new AtomicInteger()));
    FutureTask<String> running = new FutureTask<>(claimed);
    Thread.ofPlatform().start(running);
    await().atMost(Duration.ofSeconds(5)).until(() -> this.claimed);

    assertThat(claimed.abandon()).isFalse();
    gate.countDown();
    assertThat(running.get(5, SECONDS)).isEqualTo("committed");
    assertThat(claimed.abandon()).isFalse();
    assertThat(claimed.abandonClaimed()).isFalse();
  }

  @Test
  void closeEndsCallersWhoseOperationWaitsInTheQueue() throws Exception {
    FutureTask<Boolean> first = inBackground(NONE, this::hang);
    FutureTask<Boolean> second = inBackground(NONE, this::hang);
    FutureTask<StepError> queued = new FutureTask<>(() -> error(NONE, progress -> "never"));
    await().atMost(Duration.ofSeconds(5)).until(() -> running == 2);
    Thread.ofPlatform().start(queued);
    await().atMost(Duration.ofSeconds(5)).until(() -> service.waiting() == 1);

    service.close();

    assertThat(queued.get(5, SECONDS).code()).isEqualTo(ErrorCode.RESOURCE_UNAVAILABLE);
    assertThat(error(NONE, progress -> "never").message()).isEqualTo("The file service is closed");
    gate.countDown();
    assertThat(first.get(5, SECONDS) && second.get(5, SECONDS)).isTrue();
  }

  private volatile boolean claimed;
  private volatile int running;

  private String claimAndWait(Progress progress) throws IOException {
    progress.claim();
    claimed = true;
    uninterruptibly(gate);
    return "committed";
  }

  /** Hangs as the kernel does: no interrupt helps. */
  private Boolean hang(Progress progress) {
    synchronized (this) {
      running++;
    }
    uninterruptibly(gate);
    return true;
  }

  private Progress hangingBeforeItsClaim(Progress progress) {
    return new Progress() {
      @Override
      public void checkpoint() throws AbandonedException {
        progress.checkpoint();
      }

      @Override
      public void claim() throws AbandonedException {
        uninterruptibly(gate);
        progress.claim();
      }
    };
  }

  private static void uninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private <T> FutureTask<T> inBackground(TimeLimit limit, FileOperation<T> operation) {
    FutureTask<T> task = new FutureTask<>(() -> service.run(limit, "p", ROOT, operation));
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  private StepError error(TimeLimit limit, FileOperation<?> operation) {
    return Fixture.error(() -> service.run(limit, "p", ROOT, operation));
  }

  private static FileOperation<String> failing(StepFailure failure) {
    return progress -> {
      throw failure;
    };
  }
}
