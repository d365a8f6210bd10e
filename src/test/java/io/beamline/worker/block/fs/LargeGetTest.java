package io.beamline.worker.block.fs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.ContentMemory;
import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.contract.Outputs;
import io.beamline.worker.contract.StepError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that no result could carry, and more files at once than there is memory for. */
@Timeout(60)
class LargeGetTest {

  private static final long GB = 1L << 30;
  private static final int KB = 1_024;
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Path root;
  private final ContentMemory memory = new ContentMemory(400 * KB);
  private final Fixture files;

  LargeGetTest(@TempDir Path folder) throws IOException {
    root = folder.toRealPath();
    files = new Fixture(GB, memory, root);
    files.maxResult = 100 * KB;
  }

  @AfterEach
  void close() {
    files.close();
    assertThat(memory.freeBytes()).isEqualTo(400 * KB);
  }

  /** A file of holes, which would fill the memory many times if it were read. */
  @Test
  void aFileLargerThanAnyResultIsRefusedByItsSize() throws Exception {
    try (RandomAccessFile holes = new RandomAccessFile(root.resolve("holes").toFile(), "rw")) {
      holes.setLength(GB);
    }

    StepFailure failure = failure("holes");

    assertThat(failure.error().code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    assertThat(failure.error().message()).isEqualTo("The result is larger than the server takes");
    assertThat(failure.error().details())
        .containsEntry("size", GB)
        .containsEntry("max_size", 100L * KB);
    assertThat(failure.isRetryAllowed()).isFalse();
  }

  @Test
  void theConfiguredSizeIsNamedFirst() throws Exception {
    try (Fixture small = new Fixture(50, memory, root)) {
      small.maxResult = 40;
      Files.write(root.resolve("file"), new byte[60]);

      StepError error = Fixture.error(() -> small.get("file"));

      assertThat(error.message()).isEqualTo("The file is larger than the permitted size");
    }
  }

  @Test
  void textIsMeasuredAsItIsEscaped() throws Exception {
    write("fits", 100 * KB, 'x');
    write("quotes", 50 * KB, '"');
    write("escaped", 50 * KB + 1, '"');

    assertThat(files.get("fits").get("size")).isEqualTo(100 * KB);
    assertThat(files.get("quotes").get("size")).isEqualTo(50 * KB);
    assertThat(failure("escaped").error().code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
  }

  @Test
  void bytesAreMeasuredInBase64() throws Exception {
    write("fits", 75 * KB, '\u00ff');
    write("large", 75 * KB + 1, '\u00ff');

    assertThat(files.get("fits").get("size")).isEqualTo(75 * KB);
    assertThat(failure("large").error().details()).containsEntry("size", 100L * KB + 4);
  }

  /** Control characters: six bytes each as text, a third more in base64. */
  @Test
  void theReadingStopsOnceNeitherTextNorBase64WouldFit() throws Exception {
    files.maxResult = 1_000 * KB;
    write("control", 1_000 * KB, '\u0001');
    CountedChunks progress = new CountedChunks();
    try (ContentMemory.Reservation reservation = new ContentMemory(1 << 30).newReservation()) {
      ReadLimits limits = new ReadLimits(GB, 1_000 * KB, 1 << 30);
      GetFile get =
          new GetFile(
              new RealPaths(files.roots), files.roots.locate("control"), limits, reservation);

      StepError error = Fixture.error(() -> get.run(progress));

      assertThat(error.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
      assertThat(progress.chunks).isEqualTo(12); // 750 of 1000 KB in chunks of 64 KB
    }
  }

  @Test
  void aFileThatHidesItsSizeIsReadAsFarAsAResultGoes() throws Exception {
    try (Fixture proc = new Fixture(GB, memory, Path.of("/proc"))) {
      proc.maxResult = 10;

      StepError error = Fixture.error(() -> proc.get("version"));

      assertThat(error.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
      assertThat(error.message()).isEqualTo("The result is larger than the server takes");
    }
  }

  @Test
  void aFileThatWouldTakeMoreMemoryThanAStepMayIsRefused() throws Exception {
    files.maxResult = GB;
    write("large", 200 * KB, 'x');

    StepFailure failure = failure("large");

    assertThat(failure.error().code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
    assertThat(failure.error().message())
        .isEqualTo("The file is larger than the memory of the worker allows");
    assertThat(failure.error().details()).containsEntry("max_memory_bytes", 800L * KB);
    assertThat(failure.isRetryAllowed()).isFalse();
  }

  @Test
  void aGetWaitsForMemoryWithoutAFileThreadUntilOtherResultsAreWritten() throws Exception {
    write("large", 90 * KB, 'x');
    Outputs first = files.open("large", Fixture.CP1);
    FutureTask<Integer> second = new FutureTask<>(this::lengthOfLarge);
    Thread thread = Thread.ofPlatform().daemon().start(second);
    await().atMost(SOON).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    for (int i = 0; i < 8; i++) { // twice as many as there are file threads
      files.overwrite("other", "text" + i);
    }
    assertThat(second).isNotDone();

    first.close();

    assertThat(second.get(20, SECONDS)).isEqualTo(90 * KB);
  }

  @Test
  void aGetThatFindsNoMemoryInItsTimeFailsAndMayBeRetried() throws Exception {
    write("large", 90 * KB, 'x');
    try (Outputs first = files.open("large", Fixture.CP1)) {
      StepFailure failure =
          catchThrowableOfType(
              StepFailure.class,
              () -> files.open("large", Fixture.fileTimeouts(Duration.ofMillis(300))));

      assertThat(failure.error().code()).isEqualTo(ErrorCode.RESOURCE_UNAVAILABLE);
      assertThat(failure.error().message()).isEqualTo("The memory for file contents is in use");
      assertThat(failure.isRetryAllowed()).isTrue();
      assertThat(length(first)).isEqualTo(90 * KB);
    }
  }

  @Test
  void anInterruptEndsTheWaitForMemory() throws Exception {
    write("large", 90 * KB, 'x');
    try (Outputs first = files.open("large", Fixture.CP1)) {
      FutureTask<Boolean> waiting =
          new FutureTask<>(
              () ->
                  catchThrowableOfType(
                          InterruptedException.class, () -> files.open("large", Fixture.CP1))
                      != null);
      Thread thread = Thread.ofPlatform().daemon().start(waiting);
      await().atMost(SOON).until(() -> thread.getState() == Thread.State.TIMED_WAITING);

      thread.interrupt();

      assertThat(waiting.get(20, SECONDS)).isTrue();
      assertThat(length(first)).isEqualTo(90 * KB);
    }
  }

  private StepFailure failure(String path) {
    return catchThrowableOfType(StepFailure.class, () -> files.get(path));
  }

  private void write(String name, int size, char content) throws IOException {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) content);
    Files.write(root.resolve(name), bytes);
  }

  private int lengthOfLarge() throws Exception {
    try (Outputs outputs = files.open("large", Fixture.CP1)) {
      return length(outputs);
    }
  }

  private static int length(Outputs outputs) {
    return outputs instanceof Outputs.Fields fields
            && fields.values().get("size") instanceof Integer size
        ? size
        : -1;
  }

  private static final class CountedChunks implements Progress {

    int chunks;

    @Override
    public void checkpoint() {
      chunks++;
    }

    @Override
    public void claim() {}
  }
}
