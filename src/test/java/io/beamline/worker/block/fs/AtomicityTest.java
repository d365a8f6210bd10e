package io.beamline.worker.block.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.beamline.worker.block.StepFailure;
import io.beamline.worker.contract.ErrorCode;
import io.beamline.worker.support.ThisJdk;
import io.beamline.worker.timeout.TimeSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class AtomicityTest {

  private final Path root;
  private final Fixture files;

  AtomicityTest(@TempDir Path folder) throws IOException {
    root = folder.toRealPath();
    files = Fixture.over(root);
  }

  @AfterEach
  void close() {
    files.close();
  }

  @Test
  void aReaderSeesWholeContentsOnly() throws Exception {
    Set<String> whole = Set.of("a".repeat(200_000), "b".repeat(150_000), "c");
    files.put("file", "c");
    try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
      Future<?> writing = writer.submit(() -> putAll(whole, 40));
      do {
        assertThat(Files.readString(root.resolve("file"))).isIn(whole);
        assertThat((String) files.get("file").get("content")).isIn(whole);
      } while (!writing.isDone());
      writing.get();
    }
    assertThat(Fixture.names(root)).containsExactly("file");
  }

  @Test
  void ofTwoRacingWritersOneWins() throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    try (ExecutorService writers = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 100; i++) {
        String name = "folder/file" + i;
        List<Future<Boolean>> ends =
            writers.invokeAll(List.of(racing(start, name, "one"), racing(start, name, "two")));
        boolean oneWon = ends.get(0).get();

        assertThat(ends.get(1).get()).isNotEqualTo(oneWon);
        assertThat(root.resolve(name)).hasContent(oneWon ? "one" : "two");
      }
    }
    assertThat(Fixture.names(root.resolve("folder"))).hasSize(100);
  }

  @Test
  void twoRacingWritersOfTheSameBothSucceed() throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    try (ExecutorService writers = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 50; i++) {
        Callable<Boolean> writer = racing(start, "file" + i, "same");
        for (Future<Boolean> end : writers.invokeAll(List.of(writer, writer))) {
          assertThat(end.get()).isTrue();
        }
      }
    }
  }

  @Test
  void aKilledWriterLeavesTheOldContentAndALeftoverThatItsNextLifeRemoves() throws Exception {
    files.put("file", "old");
    Process writer = slowWriter();
    try (BufferedReader output = writer.inputReader()) {
      assertThat(output.readLine()).isEqualTo("in the middle");
      assertThat(Fixture.names(root)).hasSize(2).anyMatch(name -> name.endsWith(".tmp"));

      assertThat(sweep()).isTrue();
      assertThat(Fixture.names(root)).as("a living writer's file").hasSize(2);
    } finally {
      writer.destroyForcibly();
    }
    assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(root.resolve("file")).hasContent("old");
    assertThat(Fixture.names(root)).hasSize(2);

    try (LeftoverCleaner cleaner =
        new LeftoverCleaner(files.roots, Fixture.WORKER, TimeSource.system())) {
      cleaner.start();
      await()
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(() -> assertThat(Fixture.names(root)).containsExactly("file"));
    }
  }

  private boolean sweep() throws IOException {
    return new LeftoverSweep(Fixture.WORKER, TimeSource.system()).run(root);
  }

  private Process slowWriter() throws IOException {
    return new ProcessBuilder(
            ThisJdk.java(
                List.of("-Xshare:auto"),
                SlowWriter.class,
                List.of(root.toString(), Fixture.WORKER)))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private Callable<Boolean> racing(CyclicBarrier start, String name, String content) {
    return () -> {
      start.await();
      try {
        files.put(name, content);
        return true;
      } catch (StepFailure failure) {
        assertThat(failure.error().code()).isEqualTo(ErrorCode.INVALID_INPUT);
        return false;
      }
    };
  }

  private boolean putAll(Set<String> contents, int rounds) throws Exception {
    for (int i = 0; i < rounds; i++) {
      for (String content : contents) {
        files.overwrite("file", content);
      }
    }
    return true;
  }
}
