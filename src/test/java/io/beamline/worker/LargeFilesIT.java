package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.Misbehaviour;
import io.beamline.worker.support.Rig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** Many large files and responses at once, on the built jar with a small heap. */
@Timeout(300)
@Tag("long")
class LargeFilesIT {

  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int AT_ONCE = 32;

  private static Path root = Path.of("");

  @BeforeAll
  static void place(@TempDir Path folder) {
    root = folder;
  }

  @Test
  void whatCouldNeverBePublishedIsRefusedWithoutFillingTheMemory() throws IOException {
    Path large = file("large", DataSize.ofMegabytes(60));
    try (Rig rig = rig("-Xmx512m")) {
      rig.server().always(Misbehaviour.endlessBody(200));
      List<Assignments> steps = new ArrayList<>();
      IntStream.range(0, AT_ONCE).forEach(i -> steps.add(Assignments.get(large.toString())));
      IntStream.range(0, 20).forEach(i -> steps.add(rig.get("/" + i)));

      List<Answer> answers = answers(rig, steps);

      assertThat(answers).extracting(Answer::errorCode).containsOnly("QUOTA_EXCEEDED");
      assertThat(answers)
          .allMatch(answer -> answer.resultJson().path("retries_used").intValue() == 0);
      assertUnharmed(rig);
    }
  }

  /** Together they are larger than the heap: they come one after another. */
  @Test
  void whatCanBePublishedIsReadAsTheMemoryAllows() throws IOException {
    Path large = file("fits", DataSize.ofMegabytes(7));
    try (Rig rig = rig("-Xmx256m", "max_payload: 8MB")) {
      List<Answer> answers =
          answers(
              rig,
              IntStream.range(0, AT_ONCE)
                  .mapToObj(i -> Assignments.get(large.toString()))
                  .toList());

      assertThat(answers).extracting(Answer::status).containsOnly("success");
      assertUnharmed(rig);
    }
  }

  private static void assertUnharmed(Rig rig) {
    assertThat(rig.router().deadLetters()).isEmpty();
    assertThat(rig.worker().log()).doesNotContain("OutOfMemoryError");
    assertThat(rig.answerTo(Assignments.echo()).status()).isEqualTo("success");
  }

  private static List<Answer> answers(Rig rig, List<Assignments> steps) {
    List<String> ids = rig.router().assignAll(steps);
    rig.router().awaitAll(ids, SOON);
    return ids.stream().map(rig.router()::answer).toList();
  }

  private static Rig rig(String heap, String... natsConfig) {
    return Rig.start(
        worker -> worker.jvm(heap).env("WORKER_BLOCKS_FS_ROOTS", root.toString()), natsConfig);
  }

  private static Path file(String name, DataSize size) throws IOException {
    return Files.writeString(root.resolve(name), "x".repeat((int) size.toBytes()));
  }
}
