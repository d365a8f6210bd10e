package io.beamline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamline.worker.support.Answer;
import io.beamline.worker.support.Assignments;
import io.beamline.worker.support.Rig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C18: a backlog of assignments that is larger than the heap, on the built jar. */
@Timeout(300)
@Tag("long")
class LargeAssignmentsIT {

  private static final int BACKLOG = 250;
  private static final String TEXT = "x".repeat(900_000);
  private static final List<Integer> NUMBERS = Stream.generate(() -> 1).limit(60_000).toList();

  @ParameterizedTest
  @ValueSource(strings = {"false", "true"})
  void aBacklogLargerThanTheHeapIsTakenAsTheMemoryAllows(String flags) {
    try (Rig rig =
        Rig.start(
            worker ->
                worker
                    .jvm("-Xmx160m")
                    .env("CP2_ADVANCED_RETRY_ENABLED", flags)
                    .env("CP2_COMPLETE_TIMEOUT_ENABLED", flags)
                    .env("CP2_QUEUE_MANAGEMENT_ENABLED", flags))) {
      List<Assignments> steps = new ArrayList<>();
      for (int i = 0; i < BACKLOG; i++) {
        Object large = i % 4 == 0 ? NUMBERS : TEXT;
        steps.add(Assignments.sleep(20).input("large", large));
      }

      List<String> ids = rig.router().assignAll(steps);
      double mostHeld = mostHeldUntilAnswered(rig, ids);

      assertThat(ids).map(rig.router()::answer).extracting(Answer::status).containsOnly("success");
      assertThat(rig.worker().log()).doesNotContain("OutOfMemoryError");
      assertThat(mostHeld).isBetween(1.0 * (1 << 20), 1.0 * (1 << 26));
      assertThat(rig.answerTo(Assignments.echo()).status()).isEqualTo("success");
    }
  }

  /** Returns the greatest value of the gauge that is seen meanwhile. */
  private static double mostHeldUntilAnswered(Rig rig, List<String> ids) {
    DoubleAccumulator most = new DoubleAccumulator(Math::max, 0);
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              most.accumulate(rig.worker().metric("worker_assignments_held_bytes"));
              return rig.router().unanswered(ids).isEmpty();
            });
    return most.get();
  }
}
